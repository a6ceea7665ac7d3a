import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** The page that shows the history. Public; its figures come from routes that are not. */
app.http('getDashboard', httpFunction('getDashboard'));
