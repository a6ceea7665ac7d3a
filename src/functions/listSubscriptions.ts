import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** A customer's subscriptions and plans on a day. */
app.http('listSubscriptions', httpFunction('listSubscriptions'));
