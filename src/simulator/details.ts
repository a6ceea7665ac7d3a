import { billingPeriodAt } from './billingPeriod.ts';
import type { SimulatedCustomer } from './customer.ts';
import { dayOf } from './day.ts';
import { fromParts, type Scaled } from './decimal.ts';
import { figuresAt, lastModifiedDate, type SubscriptionFigures } from './figures.ts';
import type { Quirks } from './quirks.ts';
import { hash, topics } from './random.ts';
import { countsOf, culpritOf, resourcesOf, type SimulatedResource, weightOn } from './resources.ts';
import { costOfDay, surplusFactor } from './spend.ts';

/** A record by resource or meter, as it is shown. */
export interface DetailRecord {
  resource: SimulatedResource;
  /** In the billing currency, the period so far. */
  totalCost: Scaled;
  /** Whether it names neither Azure subscription nor resource. */
  isUnassigned: boolean;
  /** Whether the name of its group is in lower case. */
  isLowerCase: boolean;
}

/** What the cost of a plan, or of a legacy subscription, consists of at an instant. */
export interface Details {
  records: DetailRecord[];
  /** ISO 8601. */
  lastModifiedDate: string;
}

export interface DetailOptions {
  quirks: Quirks;
  resourcesPerPlan: number | undefined;
}

/** A cent of the billing currency. */
const cent = 10n ** 18n;

/**
 * The records of a plan, which add up to the total of its summary, unless a quirk makes them differ.
 *
 * @param own the figures of the summary
 */
export function detailsAt(
  customer: SimulatedCustomer,
  own: SubscriptionFigures,
  epochMs: number,
  { quirks, resourcesPerPlan }: DetailOptions,
): Details {
  const { spend } = own.subscription;
  const period = billingPeriodAt(customer.period, epochMs);
  const today = dayOf(epochMs) - (customer.daysLate ?? 0);
  const isAhead = quirks.recordsAhead && today <= period.lastDay;
  const lastDay = Math.min(isAhead ? today : today - 1, period.lastDay);
  const total = isAhead ? own.totalCost + costOfDay(spend, today) : own.totalCost;
  const resources = resourcesOf(own.subscription, countsOf(customer, quirks, resourcesPerPlan));
  const millionths = new Float64Array(resources.length);
  for (let day = period.firstDay; day <= lastDay; day++) spread(resources, spend, day, millionths);
  const records = resources.flatMap((resource, place): DetailRecord[] => {
    const wasThere = resource.firstDay === undefined || resource.firstDay <= lastDay;
    const isGone = resource.lastDay !== undefined && resource.lastDay < period.firstDay;
    if (!wasThere || isGone) return [];
    const totalCost = fromParts(millionths[place] ?? 0, 0);
    return [{ resource, totalCost, isUnassigned: false, isLowerCase: false }];
  });
  const [first] = records;
  if (first) {
    const others = records.slice(1).reduce((sum, { totalCost }) => sum + totalCost, 0n);
    first.totalCost = total - others;
  }
  const changed = customer.kind === 'legacy' ? records : withTroubles(records, spend.key, quirks);
  return {
    records: changed,
    lastModifiedDate: isAhead ? lastModifiedDate(spend.key, today) : own.lastModifiedDate,
  };
}

/** The details of a customer's subscription or plan; `undefined` where there is none of that id. */
export function detailsOf(
  customer: SimulatedCustomer,
  subscriptionId: string,
  epochMs: number,
  options: DetailOptions,
): Details | undefined {
  const id = subscriptionId.toLowerCase();
  const { subscriptions } = figuresAt(customer, epochMs);
  const own = subscriptions.find(({ subscription }) => subscription.id === id);
  return own && detailsAt(customer, own, epochMs, options);
}

/** Adds a day's cost to those that have it, in millionths; the first one gets what is left. */
function spread(
  resources: readonly SimulatedResource[],
  spend: SubscriptionFigures['subscription']['spend'],
  day: number,
  millionths: Float64Array,
): void {
  const cost = Number(costOfDay(spend, day) / 10n ** 14n);
  const surplus = Math.floor(cost - cost / surplusFactor(spend, day));
  const weights = resources.map((resource) => weightOn(resource, day));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [place, weight] of weights.entries()) {
    millionths[place] = (millionths[place] ?? 0) + Math.floor(((cost - surplus) * weight) / whole);
  }
  const culprit = surplus > 0 ? culpritOf(resources, spend.key, day) : undefined;
  if (culprit) millionths[culprit.place] = (millionths[culprit.place] ?? 0) + surplus;
}

function withTroubles(records: DetailRecord[], key: number, quirks: Quirks): DetailRecord[] {
  const [first, ...others] = records;
  if (!first) return records;
  const changed = [first];
  for (const record of others) {
    const draw = hash(key, topics.recordTroubles, record.resource.place);
    const isUnassigned = quirks.unassignedRecords === true && draw % 8 === 0;
    if (quirks.negativeRecords && draw % 9 === 1) {
      first.totalCost += record.totalCost * 2n;
      record.totalCost = -record.totalCost;
    }
    if (quirks.doubleSpelling && draw % 6 === 2) {
      const half = record.totalCost / 2n;
      changed.push({ ...record, totalCost: half, isLowerCase: true });
      record.totalCost -= half;
    }
    changed.push({ ...record, isUnassigned });
  }
  if (quirks.missingCents) first.totalCost -= 7n * cent;
  return changed;
}
