import { app } from '@azure/functions';
import { readSchedules } from '../config.ts';
import { createFunctionEventLog } from '../telemetry/functionEventLog.ts';
import { runCatchUp } from '../timer.ts';

/** Takes up a day that the nightly run left incomplete, or never began. */
app.timer('catchUpSnapshot', {
  schedule: readSchedules().catchUpSchedule,
  handler: (_timer, context) => runCatchUp(createFunctionEventLog(context)),
});
