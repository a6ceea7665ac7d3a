import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** A customer's resources on a day, by name. */
app.http('listResources', httpFunction('listResources'));
