import { app } from '@azure/functions';
import { readSchedules } from '../config.ts';
import { createFunctionEventLog } from '../telemetry/functionEventLog.ts';
import { runTimer } from '../timer.ts';

/** The day's snapshot of every customer. */
app.timer('nightlySnapshot', {
  schedule: readSchedules().schedule,
  handler: (_timer, context) => runTimer('timer', createFunctionEventLog(context)),
});
