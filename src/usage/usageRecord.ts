import { type Amount, isZero } from './amount.ts';
import type { Subscription } from './subscription.ts';
import type { UnreadableField } from './unreadableField.ts';

interface UsageRecord {
  /** Absent where it could not be read: the record still names its resource. */
  totalCost?: Amount;
  currencyCode?: string;
  currencyLocale?: string;
  /** Fields of the record that could not be read; absent where all could. */
  unreadable?: readonly UnreadableField[];
}

/** Whether a record names a cost: an unreadable one counts as a cost. */
export function namesCost({ totalCost }: { totalCost?: Amount }): boolean {
  return totalCost === undefined || !isZero(totalCost);
}

/**
 * What a run needs of one customer's line in `customers/usagerecords`: the period so far. All
 * customers' lines are in memory at once.
 */
export interface CustomerUsageRecord extends UsageRecord {
  /** Lower case. */
  customerId: string;
  customerName: string;
}

/** One line of `customers/{id}/subscriptions/usagerecords`: a subscription billed by use, or a plan. */
export interface SubscriptionUsageRecord extends UsageRecord {
  subscription: Subscription;
  /** The line as received: same digits, white space aside. */
  raw: string;
}

/** Of two records of one resource, the one with the larger cost. */
export function costlier<Record extends { totalCost?: Amount }>(
  one: Record,
  other: Record,
): Record {
  if (one.totalCost === undefined || other.totalCost === undefined) {
    return one.totalCost === undefined ? one : other;
  }
  return Math.abs(Number(other.totalCost)) > Math.abs(Number(one.totalCost)) ? other : one;
}
