import { app } from '@azure/functions';
import { httpFunction } from '../api.ts';

/** All customers, per day and currency. */
app.http('listTotals', httpFunction('listTotals'));
