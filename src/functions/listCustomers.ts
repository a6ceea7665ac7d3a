import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** The customers of a day, the largest first. */
app.http('listCustomers', httpFunction('listCustomers'));
