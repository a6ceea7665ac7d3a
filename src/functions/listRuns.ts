import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** The runs, by date. */
app.http('listRuns', httpFunction('listRuns'));
