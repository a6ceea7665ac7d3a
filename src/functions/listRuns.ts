import { app } from '@azure/functions';
import { httpFunction } from '../api.ts';

/** What ran. */
app.http('listRuns', httpFunction('listRuns'));
