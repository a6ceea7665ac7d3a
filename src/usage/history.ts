import { type Amount, parseAmount } from './amount.ts';
import {
  advanceDailyCost,
  type CostSnapshot,
  type CostState,
  type DailyCost,
  initialCostState,
  isSameSeries,
} from './dailyCost.ts';
import { addDays } from './date.ts';
import type { Plan } from './plan.ts';
import type { Outcome, UsageFigures } from './usageSnapshot.ts';

/** One day of a resource's history. `date` is the day of recording, not of use. */
export interface DailyItem extends DailyCost {
  /** `yyyy-MM-dd`, UTC. */
  date: string;
  /** `missing` where the day was not recorded. */
  outcome: Outcome | 'missing';
  /** The billing period so far; 0 of a day without usage; null where nothing is known. */
  totalCost: Amount | null;
  /** As recorded, absent without. */
  figures?: UsageFigures;
}

/** Days whose figures can be compared: a new series begins where currency or plan changes. */
export interface DailySeries<Item extends DailyItem = DailyItem> {
  /** ISO 4217; absent with `plan` where no day has figures. */
  currency?: string;
  plan?: Plan;
  items: Item[];
}

/** A billing period as far as it was recorded. */
export interface PeriodItem {
  billingPeriodStart: string;
  /** The day after the last one. */
  billingPeriodEnd: string;
  currency: string;
  plan: Plan;
  /** The last fresh total, which is the sum of the period's daily costs. */
  totalCost: Amount;
  /** The last day with fresh figures. */
  lastSnapshotDate: string;
  /** The figures of the last snapshot: budget, cost in USD. */
  figures: UsageFigures;
  /** The API never shows a closed period again, so up to two days of it may be missing. */
  isFinal: false;
}

/** No history has a longer gap than this: a century. */
const maxDays = 36_525;

/**
 * The history of one customer or subscription, day by day, with the days that were missed.
 *
 * @param snapshots of one resource, by ascending date, one a day
 * @param until the last day, so that missed days at the end show as well; default: the last snapshot
 * @throws RangeError when the dates do not ascend
 */
export function computeDailyCosts(snapshots: Iterable<CostSnapshot>, until?: string): DailyItem[] {
  const items: DailyItem[] = [];
  let state: CostState = initialCostState;
  for (const snapshot of snapshots) {
    const last = items.at(-1);
    if (last) {
      if (snapshot.snapshotDate <= last.date) {
        throw new RangeError(`expected a day after ${last.date}, got ${snapshot.snapshotDate}`);
      }
      items.push(...listMissedDays(addDays(last.date, 1), addDays(snapshot.snapshotDate, -1)));
    }
    const { state: next, ...cost } = advanceDailyCost(state, snapshot);
    items.push(itemOf(snapshot, cost));
    state = next;
  }
  const last = items.at(-1);
  if (last && until !== undefined) items.push(...listMissedDays(addDays(last.date, 1), until));
  return items;
}

function itemOf({ snapshotDate, outcome, figures }: CostSnapshot, cost: DailyCost): DailyItem {
  const withoutFigures = outcome === 'noUsage' ? parseAmount('0') : null;
  return {
    date: snapshotDate,
    outcome,
    totalCost: figures?.totalCost ?? withoutFigures,
    ...cost,
    ...(figures && { figures }),
  };
}

/**
 * Items of days that were not recorded, both dates included.
 *
 * @throws RangeError for more than a century
 */
export function listMissedDays(from: string, to: string): DailyItem[] {
  const items: DailyItem[] = [];
  const nothing = { totalCost: null, dailyCost: null, daysCovered: 0, isStale: false };
  for (let date = from; date <= to; date = addDays(date, 1)) {
    if (items.length >= maxDays) throw new RangeError(`expected at most ${maxDays} days`);
    items.push({ date, outcome: 'missing', ...nothing });
  }
  return items;
}

/**
 * Cuts a history where currency or plan changes. A day without figures belongs to the series before
 * it, as it has neither; at the start of a history, to the first series.
 */
export function groupSeries<Item extends DailyItem>(items: readonly Item[]): DailySeries<Item>[] {
  const groups: DailySeries<Item>[] = [];
  for (const item of items) {
    const group = groups.at(-1);
    const { figures } = item;
    if (group === undefined) {
      groups.push({ ...seriesOf(figures), items: [item] });
    } else if (figures === undefined || isSameSeries(group, figures)) {
      group.items.push(item);
    } else if (group.currency === undefined) {
      Object.assign(group, seriesOf(figures));
      group.items.push(item);
    } else {
      groups.push({ ...seriesOf(figures), items: [item] });
    }
  }
  return groups;
}

function seriesOf(figures: UsageFigures | undefined): Pick<DailySeries, 'currency' | 'plan'> {
  return figures ? { currency: figures.currency, plan: figures.plan } : {};
}

/**
 * The billing periods of a history, in the order in which they were first seen. A period that was
 * never named (no usage from its first day to its last) has no item.
 */
export function computePeriods(items: readonly DailyItem[]): PeriodItem[] {
  const periods = new Map<string, PeriodItem>();
  let latest: UsageFigures | undefined;
  for (const { date, period, figures = latest, totalCost, isStale } of items) {
    // A day without usage in a period belongs to the series of the figures before it.
    if (period === undefined || figures === undefined || totalCost === null || isStale) continue;
    latest = figures;
    periods.set(`${period.start}|${figures.currency}|${figures.plan}`, {
      billingPeriodStart: period.start,
      billingPeriodEnd: period.end,
      currency: figures.currency,
      plan: figures.plan,
      totalCost,
      lastSnapshotDate: date,
      figures,
      isFinal: false,
    });
  }
  return [...periods.values()];
}
