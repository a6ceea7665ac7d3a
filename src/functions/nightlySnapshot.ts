import { app } from '@azure/functions';
import { runNightly } from '../app/timedRuns.ts';
import { readSchedules } from '../config/registration.ts';
import { createFunctionEventLog } from '../telemetry/functionEventLog.ts';

/** The day's snapshot of every customer. */
app.timer('nightlySnapshot', {
  schedule: readSchedules().schedule,
  handler: (timer, context) => runNightly(timer.isPastDue, createFunctionEventLog(context)),
});
