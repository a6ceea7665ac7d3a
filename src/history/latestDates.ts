import { addDays, type DateRange, utcDateOf } from '../usage/date.ts';
import { isDayWhole, type SnapshotRun } from '../usage/snapshotRun.ts';
import type { HistoryContext } from './historyContext.ts';

/** How far back runs are read. */
const daysReadBack = 35;
/** Length of a range without a first day. */
const defaultDays = 30;

/** The latest days of the last five weeks; absent where there is none. */
export interface LatestDates {
  /** With a run that proved the day complete (see `isDayWhole`). */
  complete?: string;
  /** When that run ended, ISO 8601. */
  completedAt?: string;
  /** How many customers it lacks, as they fail for good. */
  customersFailing?: number;
  /** With a run of all customers that was `complete` or `partial`. */
  recorded?: string;
}

export async function findLatestDates(context: HistoryContext): Promise<LatestDates> {
  return latestDatesOf(await listRecentRuns(context));
}

/** The runs of the last five weeks, by date and start. */
export async function listRecentRuns({
  stores: { snapshotRuns },
  now,
  onUnreadable,
}: HistoryContext): Promise<SnapshotRun[]> {
  const today = utcDateOf(now());
  const range = { from: addDays(today, -daysReadBack), to: today };
  return Array.fromAsync(snapshotRuns.list(range, { onUnreadable }));
}

/** @param runs by date and start */
export function latestDatesOf(runs: readonly SnapshotRun[]): LatestDates {
  const latest: LatestDates = {};
  for (const run of runs) {
    if (run.scope !== 'all') continue;
    if (run.status === 'complete' || run.status === 'partial') latest.recorded = run.snapshotDate;
    if (isDayWhole(run)) {
      latest.complete = run.snapshotDate;
      latest.customersFailing = run.customersFailing ?? 0;
      if (run.finishedAt !== undefined) latest.completedAt = run.finishedAt;
    }
  }
  return latest;
}

/** A requested range; either end may be left open. */
export interface AskedRange {
  from?: string | undefined;
  to?: string | undefined;
}

/** Fills in open ends: the last 30 days up to today, or to a later day that was asked for. */
export function rangeUpToToday({ from, to }: AskedRange, nowMs: number): DateRange {
  const today = utcDateOf(nowMs);
  const last = to ?? (from !== undefined && from > today ? from : today);
  return { from: from ?? addDays(last, 1 - defaultDays), to: last };
}

/** A range with both ends, and the last day that counts as missed without a row. */
export interface ResolvedRange extends DateRange {
  /** Later days may have rows of a run that is under way. */
  recordedTo: string;
}

/** Fills in open ends: the last 30 days up to the latest that was recorded. */
export async function resolveRange(
  { from, to }: AskedRange,
  context: HistoryContext,
): Promise<ResolvedRange> {
  const today = utcDateOf(context.now());
  const yesterday = addDays(today, -1);
  if (to !== undefined && to <= yesterday) {
    return { from: from ?? addDays(to, 1 - defaultDays), to, recordedTo: to };
  }
  const { recorded = yesterday } = await findLatestDates(context);
  // Today may still be recorded; a past day without a run was missed.
  const recordedTo = recorded > yesterday ? recorded : yesterday;
  const last = to ?? (from !== undefined && from > recordedTo ? from : recordedTo);
  const latest = last < recordedTo ? last : recordedTo;
  return { from: from ?? addDays(latest, 1 - defaultDays), to: last, recordedTo };
}
