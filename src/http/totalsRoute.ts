import { readTotals } from '../history/totals.ts';
import { component } from './component.ts';
import { formatParameter } from './formatParameter.ts';
import { answerList, listOf } from './itemList.ts';
import { currency, date } from './parameterKind.ts';
import type { DataRoute } from './route.ts';
import { toTotalItem, totalItem } from './totalItem.ts';

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
