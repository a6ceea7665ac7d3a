import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** Whether the history is kept. Public. */
app.http('getHealth', httpFunction('getHealth'));
