import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** The body of a usage summary as Partner Center sent it on a day. */
app.http('getRaw', httpFunction('getRaw'));
