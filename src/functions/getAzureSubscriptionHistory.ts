import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** An Azure subscription's cost, day by day or by billing periods. */
app.http('getAzureSubscriptionHistory', httpFunction('getAzureSubscriptionHistory'));
