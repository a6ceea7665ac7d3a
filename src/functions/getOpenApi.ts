import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** The description of the API. Public. */
app.http('getOpenApi', httpFunction('getOpenApi'));
