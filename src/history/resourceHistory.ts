import { isSameSeries } from '../usage/dailyCost.ts';
import { addDays } from '../usage/date.ts';
import {
  computeDailyCosts,
  computePeriods,
  type DailyItem,
  type DailySeries,
  groupSeries,
  listMissedDays,
  type PeriodItem,
} from '../usage/history.ts';
import { computeOutlooks, type Outlook } from '../usage/outlook.ts';
import type { Plan } from '../usage/plan.ts';
import type { ResourceId } from '../usage/usageSnapshot.ts';
import type { HistoryContext } from './historyContext.ts';
import { type AskedRange, type ResolvedRange, resolveRange } from './latestDates.ts';
import {
  type HistoryHead,
  type RecordedDays,
  readAzureSubscriptionDays,
  readRecordedDays,
} from './recordedDays.ts';

/** A customer, or one of its subscriptions, plans or Azure subscriptions. */
export type HistoryQuery = ResourceId & AskedRange & { azureSubscriptionId?: string | undefined };

/** A day with its outlook as of that day. */
export type HistoryItem = DailyItem & Outlook;

/** A history day by day: each has an item, from the resource's first row on. */
export interface DailyHistory extends HistoryHead {
  series: DailySeries<HistoryItem>[];
}

/** A history by billing periods: those whose last figures lie in the range. */
export interface PeriodHistory extends HistoryHead {
  series: { currency: string; plan: Plan; items: PeriodItem[] }[];
}

/** @returns undefined where the resource never had a row */
export async function readDailyHistory(
  query: HistoryQuery,
  context: HistoryContext,
): Promise<DailyHistory | undefined> {
  const found = await readItems(query, context);
  if (found === undefined) return undefined;
  const { head, items, from } = found;
  const outlooks = computeOutlooks(items, { minimumCost: context.minimumCost, from });
  const series = groupSeries(items.map((item, index) => ({ ...item, ...outlooks[index] })))
    .map((one) => ({ ...one, items: one.items.filter(({ date }) => date >= from) }))
    .filter((one) => one.items.length > 0);
  return { ...head, series };
}

/** @returns undefined where the resource never had a row */
export async function readPeriodHistory(
  query: HistoryQuery,
  context: HistoryContext,
): Promise<PeriodHistory | undefined> {
  const found = await readItems(query, context);
  if (found === undefined) return undefined;
  const series: PeriodHistory['series'] = [];
  for (const period of computePeriods(found.items)) {
    if (period.lastSnapshotDate < found.from) continue;
    const { currency, plan } = period;
    const last = series.at(-1);
    if (last && isSameSeries(last, period)) last.items.push(period);
    else series.push({ currency, plan, items: [period] });
  }
  return { ...found.head, series };
}

/** The items of the range and of the days before it that forecast and anomaly need. */
async function readItems(query: HistoryQuery, context: HistoryContext) {
  const range = await resolveRange(query, context);
  const { customerId, azureSubscriptionId } = query;
  const recorded =
    azureSubscriptionId === undefined
      ? await readRecordedDays(query, range, context)
      : await readAzureSubscriptionDays({ customerId, azureSubscriptionId }, range, context);
  if (recorded === undefined) return undefined;
  return { head: recorded.head, items: itemsOf(recorded, range), from: range.from };
}

function itemsOf(
  { days, firstDate }: RecordedDays,
  { from, to, recordedTo }: ResolvedRange,
): DailyItem[] {
  const missedTo = to < recordedTo ? to : recordedTo;
  const [oldest] = days;
  if (oldest === undefined) return listMissedDays(later(from, firstDate), missedTo);
  const items = computeDailyCosts(days, missedTo);
  if (oldest.snapshotDate <= from) return items;
  const before = addDays(oldest.snapshotDate, -1);
  return [...listMissedDays(later(from, firstDate), before), ...items];
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}
