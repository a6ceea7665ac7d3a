import Big from 'big.js';
import { toAmount } from './amount.ts';
import { type AzureSubscriptionSnapshot, restId } from './azureSubscriptionSnapshot.ts';
import type { CostSnapshot } from './dailyCost.ts';
import { computeDailyCosts } from './history.ts';
import type { DetailTotal, UsageDetails } from './usageDetails.ts';
import type { SubscriptionSnapshot, UsageFigures } from './usageSnapshot.ts';

export interface DetailedPlan {
  /** The row of the plan on that day. */
  plan: SubscriptionSnapshot & { figures: UsageFigures };
  /** Absent where Partner Center has no records of the plan. */
  details: UsageDetails | undefined;
  /** Rows of the plan of earlier days of the billing period, and of some days before it. */
  before: readonly AzureSubscriptionSnapshot[];
  /** Rows of the plan of an earlier run of the day, which these replace. */
  sameDay?: readonly AzureSubscriptionSnapshot[];
  runId: string;
  /** ISO 8601, UTC. */
  capturedAt: string;
}

/**
 * The rows of a plan's Azure subscriptions on a day, the rest last: it says that the others are
 * whole. Together they add up to the plan's total, where records and total can be compared.
 */
export function computeAzureSubscriptionRows(detailed: DetailedPlan): AzureSubscriptionSnapshot[] {
  const { plan, details, before, sameDay = [], runId, capturedAt } = detailed;
  const { customerId, subscriptionId, snapshotDate } = plan;
  const head = { snapshotDate, capturedAt, runId, customerId, subscriptionId };
  const rows: AzureSubscriptionSnapshot[] = [];
  const bySubscription = Map.groupBy(before, ({ azureSubscriptionId: id }) => id);
  const earlierRests = bySubscription.get(restId) ?? [];
  // A day whose records were not available says nothing about Azure subscriptions.
  const knownDates = earlierRests.filter(({ outcome }) => outcome !== 'refused').map(dateOf);
  const replaced = new Set(sameDay.map(({ azureSubscriptionId }) => azureSubscriptionId));
  for (const id of idsOf(details, [...bySubscription.keys(), ...replaced])) {
    const total = details?.totals.get(id);
    const earlier = bySubscription.get(id) ?? [];
    const today: CostSnapshot = total
      ? { snapshotDate, outcome: 'usage', figures: figuresOf(total, detailed) }
      : { snapshotDate, outcome: 'noUsage' };
    const cost = costOf([...knownDays(earlier, knownDates), today]);
    // A row without usage is needed on the day on which its cost goes away.
    if (!total && !replaced.has(id) && Number(cost?.dailyCost ?? 0) === 0) continue;
    const name = total?.name ?? earlier.toSorted(byDate).at(-1)?.azureSubscriptionName;
    rows.push({
      ...head,
      azureSubscriptionId: id,
      ...(name !== undefined && { azureSubscriptionName: name }),
      outcome: today.outcome,
      ...(today.figures && { figures: today.figures }),
      ...(cost && { cost }),
    });
  }
  const rest = restOf(detailed);
  const cost = rest.figures && costOf([...earlierRests.toSorted(byDate), { ...head, ...rest }]);
  rows.push({ ...head, azureSubscriptionId: restId, ...rest, ...(cost && { cost }) });
  return rows;
}

function idsOf(details: UsageDetails | undefined, earlier: readonly string[]): Set<string> {
  if (!details) return new Set();
  const ids = new Set([...details.totals.keys(), ...earlier]);
  ids.delete(restId);
  return ids;
}

/** Days on which the plan's records were known but did not name the Azure subscription: no usage. */
function knownDays(
  earlier: readonly AzureSubscriptionSnapshot[],
  knownDates: readonly string[],
): CostSnapshot[] {
  const byDay = new Map<string, CostSnapshot>(
    knownDates.map((snapshotDate) => [snapshotDate, { snapshotDate, outcome: 'noUsage' }]),
  );
  for (const row of earlier) byDay.set(row.snapshotDate, row);
  return [...byDay.values()].sort(byDate);
}

function costOf(days: readonly CostSnapshot[]): AzureSubscriptionSnapshot['cost'] {
  const item = computeDailyCosts(days).at(-1);
  if (!item) return undefined;
  const { dailyCost, daysCovered, isStale } = item;
  return { ...(dailyCost !== null && { dailyCost }), daysCovered, isStale };
}

function figuresOf(total: DetailTotal, { plan, details }: DetailedPlan): UsageFigures {
  const { budgetAmount: _b, percentUsed: _p, usdTotalCost: _u, ...figures } = plan.figures;
  const { totalCost, usdTotalCost } = total;
  const { lastModifiedDate } = details ?? {};
  return {
    ...figures,
    totalCost,
    ...(usdTotalCost !== undefined && { usdTotalCost }),
    ...(lastModifiedDate !== undefined && { lastModifiedDate }),
  };
}

/** The part of the plan's total that its records do not explain; negative where they exceed it. */
function restOf({
  plan: { figures },
  details,
}: DetailedPlan): Pick<AzureSubscriptionSnapshot, 'outcome' | 'figures'> {
  if (!details) return { outcome: 'refused' };
  if (!isSameRefresh(details.lastModifiedDate, figures.lastModifiedDate)) {
    return { outcome: 'failed' };
  }
  const { budgetAmount: _b, percentUsed: _p, usdTotalCost: _u, ...ofPlan } = figures;
  let rest = new Big(figures.totalCost);
  for (const { totalCost } of details.totals.values()) rest = rest.minus(totalCost);
  return { outcome: 'usage', figures: { ...ofPlan, totalCost: toAmount(rest) } };
}

/** Where one of the two has no date, nothing says that they differ. */
function isSameRefresh(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return Date.parse(one) === Date.parse(other);
}

function dateOf({ snapshotDate }: { snapshotDate: string }): string {
  return snapshotDate;
}

function byDate(one: { snapshotDate: string }, other: { snapshotDate: string }): number {
  return one.snapshotDate < other.snapshotDate ? -1 : 1;
}
