import { app } from '@azure/functions';
import { httpFunction } from '../app/httpFunction.ts';

/** All customers, per day and currency. */
app.http('listTotals', httpFunction('listTotals'));
