import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** Whose cost grew or fell, who is new and who vanished. */
app.http('listMovers', httpFunction('listMovers'));
