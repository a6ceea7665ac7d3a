import { app } from '@azure/functions';
import { terminateRuns } from '../timer.ts';

/** Lets runs write their records before the instance goes. Nothing depends on its being called. */
app.hook.appTerminate(() => terminateRuns());
