import { daysBetween } from './date.ts';
import type { DailyItem } from './history.ts';

/** Cost of one day of use. Snapshots are a day behind: that of the 14th has the use of the 13th. */
export interface SpendDay {
  /** Days since 1970-01-01. */
  day: number;
  /** In the billing currency. A double, as it is used for estimates only. */
  cost: number;
  /** Recorded on its own, not as an equal part of several days. */
  isAlone: boolean;
}

/** A recorded cost and the days of use it is for. */
interface Span {
  /** First day and the day after the last one, as days since 1970-01-01. */
  from: number;
  to: number;
  cost: number;
}

/** The days of use behind a history. */
export interface SpendHistory {
  /** By date. Days without a record are left out. */
  days: SpendDay[];
  /** For each item of the history, how many of the days were known on its date. */
  knownCounts: number[];
}

/** A start-of-month gap lasts eight days, and the figures after it come a day later. */
const longestDoubtDays = 9;
/** A week, so that a customer without usage at weekends counts as spending. */
const recentDays = 7;

/** Days since 1970-01-01. */
export function epochDayOf(date: string): number {
  return daysBetween('1970-01-01', date);
}

/**
 * Finds the days of use behind the items of one series.
 *
 * A cost that covers several days is spread evenly. Where there was cost in the week before, a
 * total of 0 stays open for nine days: it may be the start-of-month gap, and the figures that come
 * after it are then spread over its days too.
 */
export function computeSpendHistory(items: readonly DailyItem[]): SpendHistory {
  const days: SpendDay[] = [];
  const knownCounts: number[] = [];
  let doubtful: Span | undefined;
  for (const item of items) {
    const span = spanOf(item);
    if (span !== undefined) {
      const joined = doubtful ? join(doubtful, span, item, days) : span;
      doubtful = isDoubtful(item, joined, days) ? joined : undefined;
      if (doubtful === undefined) append(days, joined);
    }
    knownCounts.push(days.length);
  }
  return { days, knownCounts };
}

function spanOf({ date, dailyCost, daysCovered, period }: DailyItem): Span | undefined {
  if (dailyCost === null) return undefined;
  const to = epochDayOf(date);
  const start = period ? epochDayOf(period.start) : -Infinity;
  return { from: Math.min(to, Math.max(start, to - daysCovered)), to, cost: Number(dailyCost) };
}

/** A span together with the doubtful one before it, as far as that is of the same period. */
function join(doubtful: Span, span: Span, { period }: DailyItem, days: SpendDay[]): Span {
  const start = period ? epochDayOf(period.start) : -Infinity;
  if (doubtful.from >= start) {
    return { from: doubtful.from, to: span.to, cost: doubtful.cost + span.cost };
  }
  append(days, { from: doubtful.from, to: start, cost: 0 });
  return { from: start, to: span.to, cost: span.cost };
}

function isDoubtful({ totalCost }: DailyItem, { from, to }: Span, days: SpendDay[]): boolean {
  // On its first day a period has no day of use behind it.
  if (from === to) return true;
  return (
    Number(totalCost) === 0 &&
    to - from <= longestDoubtDays &&
    days.slice(-recentDays).some(({ cost }) => cost > 0)
  );
}

function append(days: SpendDay[], { from, to, cost }: Span): void {
  const length = to - from;
  for (let day = from; day < to; day++) {
    days.push({ day, cost: cost / length, isAlone: length === 1 });
  }
}
