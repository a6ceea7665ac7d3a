import { app } from '@azure/functions';
import { readSchedules } from '../config.ts';
import { createFunctionEventLog } from '../telemetry/functionEventLog.ts';
import { runNightly } from '../timer.ts';

/** The day's snapshot of every customer. */
app.timer('nightlySnapshot', {
  schedule: readSchedules().schedule,
  handler: (timer, context) => runNightly(timer.isPastDue, createFunctionEventLog(context)),
});
