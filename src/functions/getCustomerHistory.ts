import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** A customer's cost, day by day or by billing periods. */
app.http('getCustomerHistory', httpFunction('getCustomerHistory'));
