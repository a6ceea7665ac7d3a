import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** The address of the API alone. Public. */
app.http('getEntrance', httpFunction('getEntrance'));
