import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** Why customers failed on a day. */
app.http('listFailures', httpFunction('listFailures'));
