import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** What ran. */
app.http('listRuns', httpFunction('listRuns'));
