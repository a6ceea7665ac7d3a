import { type BillingPeriod, billingPeriodOf } from './billingPeriod.ts';
import { isBetterOutcome, type UsageSnapshot } from './usageSnapshot.ts';

type DaySnapshot = Pick<UsageSnapshot, 'outcome' | 'figures'>;

/**
 * Whether the row of a resource stays when it is captured once more on the same date: it has a
 * better outcome, or figures of a billing period that the API does not show any more. A date can
 * hold one period only; the later period is shown again on the next date.
 */
export function isKeptOver(earlier: DaySnapshot, fresh: DaySnapshot): boolean {
  if (earlier.outcome !== fresh.outcome) return isBetterOutcome(earlier.outcome, fresh.outcome);
  if (!earlier.figures || !fresh.figures) return false;
  const before = billingPeriodOf(earlier.figures);
  const now = billingPeriodOf(fresh.figures);
  if (before === undefined || now === undefined) return before !== undefined;
  // A customer that has moved to another plan is not shown the former one again.
  const isOtherPlan = earlier.figures.plan !== fresh.figures.plan;
  return isOtherPlan ? isOtherPeriod(before, now) : before.start < now.start;
}

function isOtherPeriod(one: BillingPeriod, other: BillingPeriod): boolean {
  return one.start !== other.start;
}
