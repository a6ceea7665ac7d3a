import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** The figures of the latest night, for Prometheus. */
app.http('getMetrics', httpFunction('getMetrics'));
