import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** What caused a change of a customer's cost. */
app.http('getChanges', httpFunction('getChanges'));
