import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** A subscription's or plan's cost, day by day or by billing periods. */
app.http('getSubscriptionHistory', httpFunction('getSubscriptionHistory'));
