import type { Amount } from './amount.ts';
import type { AnomalyOptions } from './anomaly.ts';
import type { CostSnapshot } from './dailyCost.ts';
import { daysBetween } from './date.ts';
import { computeDailyCosts, type DailyItem } from './history.ts';
import { itemsUpTo } from './knownSpend.ts';
import { computeOutlooks } from './outlook.ts';
import type { RecordedCost } from './recordedCost.ts';

/** A customer's day compared with the days before it. */
export interface Assessment {
  cost: RecordedCost;
  /** ISO 4217, of the cost; absent where nothing was ever spent. */
  currency?: string;
  /** Present where the day is an anomaly: what it was expected to cost. */
  expectedCost?: Amount;
}

/** After so many days, cost that ended with the period before was noticed. */
const daysOfNewPeriod = 20;

/**
 * @param before of the same customer, by ascending date; the last `daysBehindOutlook` are enough
 * @throws RangeError when one is not of an earlier day
 */
export function assessDay(
  before: readonly CostSnapshot[],
  snapshot: CostSnapshot,
  options: AnomalyOptions,
): Assessment {
  const { snapshotDate, figures } = snapshot;
  const items = itemsUpTo(computeDailyCosts([...before, snapshot]), snapshotDate);
  const item = items.at(-1);
  if (!item) throw new RangeError(`expected a day, got none of ${snapshotDate}`);
  const { dailyCost, daysCovered, isStale } = item;
  const currency = figures?.currency ?? lastFreshOf(items)?.figures?.currency;
  const isCandidate = canBeAnomaly(items, item, options);
  const hasBudget = figures?.budgetAmount !== undefined;
  const outlooks =
    isCandidate || hasBudget ? computeOutlooks(items, { ...options, from: snapshotDate }) : [];
  const { anomaly, forecast } = outlooks.at(-1) ?? {};
  return {
    cost: {
      daysCovered,
      isStale,
      ...(dailyCost !== null && { dailyCost }),
      ...(dailyCost !== null && forecast && { forecastTotalCost: forecast.total }),
    },
    ...(currency !== undefined && { currency }),
    ...(isCandidate && anomaly?.isAnomaly && { expectedCost: anomaly.expectedCost }),
  };
}

function lastFreshOf(items: readonly DailyItem[]): DailyItem | undefined {
  return items.findLast(({ figures, isStale }) => figures !== undefined && !isStale);
}

/**
 * Whether a day can be an anomaly at all. It cannot where its period, after its first weeks, has
 * cost less than the minimum so far, or where there has been no usage for long.
 */
function canBeAnomaly(
  items: readonly DailyItem[],
  { date, dailyCost, totalCost, figures, period }: DailyItem,
  { minimumCost }: AnomalyOptions,
): boolean {
  if (dailyCost === null) return false;
  if (Math.abs(Number(dailyCost)) >= minimumCost) return true;
  if (Math.abs(Number(totalCost)) >= minimumCost) return true;
  // Early in a period the usual cost is that of the period before.
  const begin = figures ? period?.start : lastFreshOf(items)?.period?.end;
  return begin !== undefined && daysBetween(begin, date) < daysOfNewPeriod;
}
