import { type BillingPeriod, billingPeriodAt } from './billingPeriod.ts';
import type { SimulatedCustomer, SimulatedSubscription } from './customer.ts';
import { dayMs, dayOf } from './day.ts';
import { type Scaled, timesRate } from './decimal.ts';
import { hash, pick, topics } from './random.ts';
import { costOfDays } from './spend.ts';

/** The cost so far of one usage-based subscription or plan in its billing period. */
export interface SubscriptionFigures {
  subscription: SimulatedSubscription;
  totalCost: Scaled;
  /** Azure plan only. */
  usdTotalCost?: Scaled;
  /** ISO 8601. */
  lastModifiedDate: string;
}

export interface CustomerFigures {
  period: BillingPeriod;
  /** The last day that they include; before the period's first where they include none. */
  lastDay: number;
  totalCost: Scaled;
  /** Azure plan only. */
  usdTotalCost?: Scaled;
  /** ISO 8601. */
  lastModifiedDate: string;
  subscriptions: SubscriptionFigures[];
}

/**
 * A customer's figures at an instant: the sum of the days of the current billing period up to
 * yesterday (UTC), as the API's figures are a day behind, or more where they are late.
 */
export function figuresAt(customer: SimulatedCustomer, epochMs: number): CustomerFigures {
  const today = dayOf(epochMs) - (customer.daysLate ?? 0);
  const period = billingPeriodAt(customer.period, epochMs);
  const lastDay = Math.min(today - 1, period.lastDay);
  const rate = customer.currency.usdRate;
  const subscriptions = customer.subscriptions.map((subscription) => {
    const totalCost = costOfDays(subscription.spend, period.firstDay, lastDay);
    return {
      subscription,
      totalCost,
      ...(rate !== undefined && { usdTotalCost: timesRate(totalCost, rate) }),
      lastModifiedDate: lastModifiedDate(subscription.spend.key, today - 1),
    };
  });
  return {
    period,
    lastDay,
    totalCost: subscriptions.reduce((sum, each) => sum + each.totalCost, 0n),
    ...(rate !== undefined && {
      usdTotalCost: subscriptions.reduce((sum, each) => sum + (each.usdTotalCost ?? 0n), 0n),
    }),
    lastModifiedDate: lastModifiedDate(customer.index, today - 1),
    subscriptions,
  };
}

/** A time of a day, with 0 to 7 digits of a second and offsets that the API was seen to send. */
export function lastModifiedDate(key: number, day: number): string {
  const draw = hash(key, topics.modified, day);
  const offset = pick(['+00:00', '+00:00', 'Z', '-07:00'], draw);
  const behindMs = offset === '-07:00' ? 7 * 3_600_000 : 0;
  const atMs = day * dayMs + (hash(key, topics.modified, day, 1) % (dayMs / 1000)) * 1000;
  const digits = hash(key, topics.modified, day, 2)
    .toString()
    .padStart(7, '1')
    .slice(0, draw % 8);
  const local = new Date(atMs - behindMs).toISOString().slice(0, 19);
  return `${local}${digits && `.${digits}`}${offset}`;
}
