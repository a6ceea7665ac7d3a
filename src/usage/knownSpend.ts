import type { DailyItem } from './history.ts';
import { computeSpendHistory, type SpendDay, type SpendHistory } from './spend.ts';
import { fitSpend, type SpendModel } from './spendModel.ts';
import type { UsageFigures } from './usageSnapshot.ts';

/** What was known of a resource's spending on a day. */
export interface KnownSpend {
  /** The days of use of the last months. Empty where nothing was spent in them. */
  days: SpendDay[];
  /** How many days were known, with those before the first cost. */
  count: number;
  model: SpendModel;
}

/** A history as it was known on each of its days. */
export interface SpendView {
  /** What is known on the day of an item; undefined before the first day of use. */
  knownAt(index: number): KnownSpend | undefined;
  /** What was known before that item. */
  knownBefore(index: number): KnownSpend | undefined;
  /** The days of use that became known with the item. */
  coveredBy(index: number): SpendDay[];
}

/** The two months that a model uses, and days that may be missing of them. */
const longestView = 75;

/** Maximum of items that forecast and anomaly need, with a month for periods that began earlier. */
export const daysBehindOutlook = longestView + 31;

/** The items up to a date, as many as affect forecast and anomaly of that day. */
export function itemsUpTo(items: readonly DailyItem[], date: string): DailyItem[] {
  const end = items.findLastIndex((item) => item.date <= date) + 1;
  return items.slice(Math.max(0, end - daysBehindOutlook), end);
}

interface Series {
  history: SpendHistory;
  /** Days known with each item of the whole history. */
  counts: number[];
  known: Map<number, KnownSpend>;
}

/**
 * A view of a history as of each of its days, computed once for all of them.
 *
 * A day sees the items of its own currency and plan and those without figures. Days in another
 * currency between them are left out.
 */
export function createSpendView(items: readonly DailyItem[]): SpendView {
  const keys: (string | undefined)[] = [];
  for (const { figures } of items) keys.push(figures ? keyOf(figures) : keys.at(-1));
  const seriesByKey = new Map<string, Series>();
  const seriesAt = (index: number): Series | undefined => {
    const key = keys[index];
    if (key === undefined) return undefined;
    const known = seriesByKey.get(key) ?? createSeries(items, key);
    seriesByKey.set(key, known);
    return known;
  };
  return {
    knownAt: (index) => readKnownSpend(seriesAt(index), index),
    knownBefore: (index) => readKnownSpend(seriesAt(index), index - 1),
    coveredBy(index) {
      const series = seriesAt(index);
      return series?.history.days.slice(series.counts[index - 1] ?? 0, series.counts[index]) ?? [];
    },
  };
}

function keyOf({ currency, plan }: UsageFigures): string {
  return `${currency}|${plan}`;
}

function createSeries(items: readonly DailyItem[], key: string): Series {
  const isOwn = ({ figures }: DailyItem) => figures === undefined || keyOf(figures) === key;
  const history = computeSpendHistory(items.filter(isOwn));
  const counts: number[] = [];
  let own = 0;
  for (const item of items) {
    if (isOwn(item)) own++;
    counts.push(history.knownCounts[own - 1] ?? 0);
  }
  return { history, counts, known: new Map() };
}

function readKnownSpend(series: Series | undefined, index: number): KnownSpend | undefined {
  const count = series?.counts[index] ?? 0;
  if (series === undefined || count === 0) return undefined;
  const known = series.known.get(count) ?? computeKnownSpend(series.history.days.slice(0, count));
  series.known.set(count, known);
  return known;
}

function computeKnownSpend(all: SpendDay[]): KnownSpend {
  const recent = all.slice(-longestView);
  // Days before the first cost are left out of the model.
  const first = recent.findIndex(({ cost }) => cost > 0);
  const days = first === -1 ? [] : recent.slice(first);
  return { days, count: recent.length, model: fitSpend(first === -1 ? recent : days) };
}
