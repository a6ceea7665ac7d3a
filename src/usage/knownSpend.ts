import type { DailyItem } from './history.ts';
import { computeSpendHistory, type SpendDay, type SpendHistory } from './spend.ts';
import { fitSpend, type SpendModel } from './spendModel.ts';
import type { UsageFigures } from './usageSnapshot.ts';

/** What was known of somebody's spending on a day. */
export interface KnownSpend {
  /** The days of use of the last months. Empty where nothing was ever spent in them. */
  days: SpendDay[];
  /** How many days were known, with those before the first cost. */
  count: number;
  model: SpendModel;
}

/** Each day of a history, as it looked on that day. */
export interface SpendView {
  /** What is known with the item of an index; undefined before the first day of use. */
  knownAt(index: number): KnownSpend | undefined;
  /** What was known before it. */
  knownBefore(index: number): KnownSpend | undefined;
  /** The days of use that the item has brought. */
  coveredBy(index: number): SpendDay[];
}

/** Two months, which is as far as a model looks back, and what may be missing of them. */
const longestView = 75;

/** Items that forecast and anomaly need at most, with a month for what begins before them. */
export const daysBehindOutlook = longestView + 31;

/** The items up to a date, as many as have a say in what is made of that day. */
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
 * Looks at a history as its days did, without working it out anew for each of them.
 *
 * A day sees the items of its own currency and plan and those without figures. A day in another
 * currency between them is left out: what the days before and after it cost is known.
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
  // Days before somebody began to spend are no part of how they spend.
  const first = recent.findIndex(({ cost }) => cost > 0);
  const days = first === -1 ? [] : recent.slice(first);
  return { days, count: recent.length, model: fitSpend(first === -1 ? recent : days) };
}
