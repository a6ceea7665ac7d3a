import * as z from 'zod';
import type { HistoryItem } from '../history/resourceHistory.ts';
import { component } from './component.ts';
import type { FiguresShape } from './figures.ts';
import { amount, count, date, outcomeOrMissing, toJsonNumber } from './jsonKind.ts';

export const dailyItem = component(
  'DailyItem',
  z
    .object({
      date: date('The day of recording, UTC; figures are of use a day or so before'),
      outcome: outcomeOrMissing,
      totalCost: amount('The billing period so far; 0 without usage').nullable(),
      dailyCost: amount(
        'The difference to the last fresh snapshot of the same billing period; negative after a correction; null where the day has no news',
      ).nullable(),
      daysCovered: count('Days that the daily cost is for'),
      usdTotalCost: amount('The total cost in USD').nullable(),
      budgetAmount: amount("The customer's spending budget").nullable(),
      percentUsed: z
        .number()
        .meta({ description: 'Total cost in percent of the budget' })
        .nullable(),
      forecastTotalCost: amount("At the billing period's end, as of that day").nullable(),
      forecastLow: amount('In nine of ten cases the total is above').nullable(),
      forecastHigh: amount('and below').nullable(),
      isAnomaly: z.boolean().meta({
        description: 'Whether the daily cost is out of line; false also where nothing can be said',
      }),
      isStale: z.boolean().meta({ description: "Whether figures of an earlier day's were shown" }),
      billingPeriodStart: date('First day').nullable(),
      billingPeriodEnd: date('The day after the last').nullable(),
    } satisfies FiguresShape)
    .meta({ description: 'One day of a history' }),
);

export function toDailyItem(item: HistoryItem): z.infer<typeof dailyItem> {
  const { date, outcome, daysCovered, isStale, figures, period, forecast, anomaly } = item;
  return {
    date,
    outcome,
    totalCost: toJsonNumber(item.totalCost),
    dailyCost: toJsonNumber(item.dailyCost),
    daysCovered,
    usdTotalCost: toJsonNumber(figures?.usdTotalCost),
    budgetAmount: toJsonNumber(figures?.budgetAmount),
    percentUsed: figures?.percentUsed ?? null,
    forecastTotalCost: toJsonNumber(forecast?.total),
    forecastLow: toJsonNumber(forecast?.low),
    forecastHigh: toJsonNumber(forecast?.high),
    isAnomaly: anomaly?.isAnomaly ?? false,
    isStale,
    billingPeriodStart: period?.start ?? null,
    billingPeriodEnd: period?.end ?? null,
  };
}
