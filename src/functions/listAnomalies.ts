import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** Days whose cost was unlike what was expected. */
app.http('listAnomalies', httpFunction('listAnomalies'));
