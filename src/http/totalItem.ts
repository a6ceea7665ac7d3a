import * as z from 'zod';
import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import { component } from './component.ts';
import { amount, count, currency, date, timestamp, toJsonNumber } from './jsonKind.ts';
import type { ShapeOf } from './shapeOf.ts';

export const totalItem = component(
  'TotalItem',
  z
    .object({
      date: date('The day of recording, UTC'),
      currency,
      totalCost: amount("The sum of the customers' billing periods so far"),
      dailyCost: amount("The sum of the customers' daily costs").nullable(),
      customers: count('Customers in the sums'),
      customersMissing: count('Customers of the currency whose figures could not be read that day'),
      asOf: timestamp('When the sums were made'),
    } satisfies ShapeOf<CurrencyTotal, 'snapshotDate' | 'capturedAt' | 'runId'>)
    .meta({ description: 'All customers of a currency on a day' }),
);

export function toTotalItem(total: CurrencyTotal): z.infer<typeof totalItem> {
  return {
    date: total.snapshotDate,
    currency: total.currency,
    totalCost: toJsonNumber(total.totalCost),
    dailyCost: toJsonNumber(total.dailyCost),
    customers: total.customers,
    customersMissing: total.customersMissing,
    asOf: total.capturedAt,
  };
}
