import * as z from 'zod';
import { readTotals } from '../history/totals.ts';
import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import { component } from './component.ts';
import { formatParameter } from './format.ts';
import { answerList, listOf } from './itemList.ts';
import * as json from './jsonKind.ts';
import { currency, date } from './parameterKind.ts';
import type { DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

const totalItem = component(
  'TotalItem',
  z
    .object({
      date: json.date('The day of recording, UTC'),
      currency: json.currency,
      totalCost: json.amount("The sum of the customers' billing periods so far"),
      dailyCost: json.amount("The sum of the customers' daily costs").nullable(),
      customers: json.count('Customers in the sums'),
      customersMissing: json.count(
        'Customers of the currency whose figures could not be read that day',
      ),
      asOf: json.timestamp('When the sums were made'),
    } satisfies ShapeOf<CurrencyTotal, 'snapshotDate' | 'capturedAt' | 'runId'>)
    .meta({ description: 'All customers of a currency on a day' }),
);

function toTotalItem(total: CurrencyTotal): z.infer<typeof totalItem> {
  return {
    date: total.snapshotDate,
    currency: total.currency,
    totalCost: json.toJsonNumber(total.totalCost),
    dailyCost: json.toJsonNumber(total.dailyCost),
    customers: total.customers,
    customersMissing: total.customersMissing,
    asOf: total.capturedAt,
  };
}

const parameters = {
  from: date('First day; default: 30 days up to the last').optional(),
  to: date('Last day; default: the latest that was recorded').optional(),
  currency: currency('ISO 4217: only its totals').optional(),
  ...formatParameter,
};

export const totalsRoute: DataRoute<typeof parameters> = {
  name: 'listTotals',
  access: 'data',
  summary: 'All customers, per day and currency',
  description: 'Currencies are never added together.',
  parameters,
  answer: component('Totals', listOf(totalItem)),
  rows: [totalItem],
  async handle({ from, to, currency }, context) {
    const totals = await readTotals({ from, to, currency }, context);
    return answerList(totals, toTotalItem, { schema: totalItem, fileName: 'totals' });
  },
};
