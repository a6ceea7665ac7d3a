import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** Whether the history is kept. Open to anybody. */
app.http('getHealth', httpFunction('getHealth'));
