import { percentOf } from './amount.ts';
import { currencyOf } from './currency.ts';
import { type Plan, planOfFigures } from './plan.ts';
import type { UsageFigures } from './usageSnapshot.ts';
import type { UsageSummary } from './usageSummary.ts';

/**
 * The figures to keep of a summary read on `snapshotDate`.
 *
 * @param plan where it is known from the offer; by default it follows from the summary's fields
 */
export function figuresOf(
  summary: UsageSummary,
  snapshotDate: string,
  plan: Plan = planOfFigures(summary),
): UsageFigures {
  const { name: _name, raw: _raw, unreadable: _unreadable, ...figures } = summary;
  const percent = percentOf(summary.totalCost, summary.budgetAmount);
  return {
    ...figures,
    plan,
    currency: currencyOf(summary, snapshotDate),
    ...(percent !== undefined && { percentUsed: percent.round(2).toNumber() }),
  };
}
