import * as z from 'zod';
import { percentOf } from '../usage/amount.ts';
import type { PeriodItem } from '../usage/history.ts';
import { component } from './component.ts';
import type { FiguresShape } from './figures.ts';
import { amount, date, toJsonNumber } from './jsonKind.ts';

export const periodItem = component(
  'PeriodItem',
  z
    .object({
      billingPeriodStart: date('First day'),
      billingPeriodEnd: date('The day after the last'),
      totalCost: amount('The last one recorded'),
      usdTotalCost: amount('The total cost in USD').nullable(),
      budgetAmount: amount("The customer's spending budget").nullable(),
      percentUsed: z
        .number()
        .meta({ description: 'Total cost in percent of the budget' })
        .nullable(),
      lastSnapshotDate: date('The last day with fresh figures'),
      isFinal: z.literal(false).meta({
        description: 'A closed period is never shown again, so up to two days of it may be missing',
      }),
    } satisfies FiguresShape)
    .meta({ description: 'A billing period as far as it was recorded' }),
);

export function toPeriodItem({ figures, ...period }: PeriodItem): z.infer<typeof periodItem> {
  const { totalCost } = period;
  const percent = percentOf(totalCost, figures.budgetAmount);
  // Where usage was taken back to none, the figures are those of the days before.
  const isTotalOfFigures = figures.totalCost === totalCost;
  return {
    billingPeriodStart: period.billingPeriodStart,
    billingPeriodEnd: period.billingPeriodEnd,
    totalCost: toJsonNumber(totalCost),
    usdTotalCost: isTotalOfFigures ? toJsonNumber(figures.usdTotalCost) : null,
    budgetAmount: toJsonNumber(figures.budgetAmount),
    percentUsed: percent?.round(2).toNumber() ?? null,
    lastSnapshotDate: period.lastSnapshotDate,
    isFinal: period.isFinal,
  };
}
