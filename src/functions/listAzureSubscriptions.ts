import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** What the totals of a customer's plans consist of on a day. */
app.http('listAzureSubscriptions', httpFunction('listAzureSubscriptions'));
