import type { BillingPeriod } from './billingPeriod.ts';
import type { Population, SimulatedCustomer, SimulatedSubscription } from './customer.ts';
import { quirksOf } from './customerQuirks.ts';
import { dateOf, dayOf } from './day.ts';
import type { Scaled } from './decimal.ts';
import { figuresAt } from './figures.ts';
import type { Quirks } from './quirks.ts';

/** What the records of a subscription or plan add up to at an instant. */
export interface RecordFigures {
  customer: SimulatedCustomer;
  subscription: SimulatedSubscription;
  period: BillingPeriod;
  /** The last day that they include; before the period's first where they include none. */
  lastDay: number;
  totalCost: Scaled;
  lastModifiedDate: string;
  /** Those of the customer. */
  quirks: Quirks;
  /** The fixed number of a plan's resources. */
  resourcesPerPlan?: number | undefined;
}

/**
 * The figures of the summary at the same instant, or of the next day by the quirk `recordsAhead`.
 *
 * @param id of a subscription or plan, in lower case; `undefined` for one that has no usage
 */
export function recordFiguresAt(
  state: { population: Population; quirks: Quirks },
  customer: SimulatedCustomer,
  id: string,
  epochMs: number,
): RecordFigures | undefined {
  const { seed, resourcesPerPlan } = state.population;
  const quirks = quirksOf(customer, state.quirks, seed);
  const daysLate = (customer.daysLate ?? 0) - (quirks.recordsAhead ? 1 : 0);
  const figures = figuresAt({ ...customer, daysLate }, epochMs);
  const own = figures.subscriptions.find((each) => each.subscription.id === id);
  if (!own) return undefined;
  const midnight = `${dateOf(dayOf(epochMs) - daysLate - 1)}T00:00:00Z`;
  return {
    customer,
    subscription: own.subscription,
    period: figures.period,
    lastDay: figures.lastDay,
    totalCost: own.totalCost,
    lastModifiedDate: quirks.recordsAhead ? midnight : own.lastModifiedDate,
    quirks,
    resourcesPerPlan,
  };
}

/** What `divideCost` needs of the figures. */
export function totalOf({ period, lastDay, totalCost }: RecordFigures) {
  return { firstDay: period.firstDay, lastDay, totalCost };
}

/** A record's cost by the quirk `missingCents`: up to 36 cents less, at most half of it. */
export function withoutCents(cost: Scaled, { quirks, subscription }: RecordFigures): Scaled {
  if (!quirks.missingCents) return cost;
  const { key } = subscription.spend;
  const cents = BigInt(7 + (key % 30)) * 10n ** 18n;
  return cost - (cents < cost / 2n ? cents : cost / 2n);
}
