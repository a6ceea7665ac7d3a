import { app } from '@azure/functions';
import { runCatchUp } from '../app/timedRuns.ts';
import { readSchedules } from '../config/registration.ts';
import { createFunctionEventLog } from '../telemetry/functionEventLog.ts';

/** Completes a day that the nightly run left incomplete or never began. */
app.timer('catchUpSnapshot', {
  schedule: readSchedules().catchUpSchedule,
  handler: (_timer, context) => runCatchUp(createFunctionEventLog(context)),
});
