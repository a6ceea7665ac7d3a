import { addDays } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { RecordedDate } from './earlierDays.ts';
import { reportRun } from './runReport.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { reportUnreadable } from './unreadableRow.ts';

/** How far back earlier runs are read. */
const daysReadBack = 35;
/** So many unconcluded days are finalized by a later run. */
const maxOpenDates = 3;

/** What a run needs to know of earlier runs. */
export interface EarlierRuns {
  /** Whether there was one on the same date, which may have written rows of the day. */
  isRepeated: boolean;
  /** Whether the last one on the same date was not concluded. */
  isLeftOpen: boolean;
  /** Whether nothing was recorded in the five weeks before. */
  isFirstNight: boolean;
  /** The last date on which the customer list was read to its end; absent without. */
  listDate?: string;
  /** The earlier days on which customers were recorded; the latest last. */
  recordedDates: RecordedDate[];
  /** The last earlier days whose last run was not concluded; the latest last. */
  openDates: string[];
  /** From this day on anomalies may still have to be delivered. */
  undeliveredFrom: string;
  /** Whether a run of the date has reported customers that fail for good. */
  isFailingReported: boolean;
}

/**
 * Reads the records of earlier runs, and closes those that say `running`: as this run holds the
 * lease, their processes have ended.
 */
export async function readEarlierRuns(
  { snapshotDate, runId }: SnapshotRun,
  { stores: { snapshotRuns }, clock, events }: SnapshotContext,
): Promise<EarlierRuns> {
  const range = { from: addDays(snapshotDate, -daysReadBack), to: snapshotDate };
  const earlier: EarlierRuns = {
    isRepeated: false,
    isLeftOpen: false,
    isFirstNight: true,
    recordedDates: [],
    openDates: [],
    undeliveredFrom: range.from,
    isFailingReported: false,
  };
  const dead: SnapshotRun[] = [];
  for await (const run of snapshotRuns.list(range, { onUnreadable: reportUnreadable(events) })) {
    if (run.runId === runId) continue;
    if (run.snapshotDate === snapshotDate) noteSameDay(earlier, run);
    else noteEarlierDay(earlier, run);
    // Remaining customers are counted only by a run that read the list to its end.
    const isListRead = run.scope === 'all' && run.customersRemaining !== undefined;
    if (isListRead && run.status !== 'failed') earlier.listDate = run.snapshotDate;
    if (run.status === 'running') dead.push(run);
  }
  const finishedAt = new Date(clock.now()).toISOString();
  const error = 'ended without writing its record: its lease ran out';
  for (const run of dead) {
    const closed = { ...run, status: 'failed', finishedAt, isSettled: false, error } as const;
    await snapshotRuns.upsert(closed);
    reportRun(closed, events);
  }
  return earlier;
}

function noteSameDay(earlier: EarlierRuns, run: SnapshotRun): void {
  earlier.isRepeated = true;
  earlier.isLeftOpen = !isConcluded(run);
  earlier.isFailingReported ||= run.scope === 'all' && run.customersFailing !== undefined;
}

function noteEarlierDay(earlier: EarlierRuns, run: SnapshotRun): void {
  const { snapshotDate: date, scope, trigger } = run;
  const served = run.customersWithUsage + run.customersWithoutUsage;
  if (scope === 'all' && served > 0) earlier.isFirstNight = false;
  if (scope === 'all' && served + run.customersRefused + run.customersFailed > 0) {
    const isMajorityServed = served * 2 > run.customersListed;
    const before = earlier.recordedDates.filter((day) => day.date !== date);
    earlier.recordedDates = [...before, { date, isMajorityServed }];
  }
  if (trigger !== 'cli' && isConcluded(run)) earlier.undeliveredFrom = date;
  const open = earlier.openDates.filter((each) => each !== date);
  earlier.openDates = isConcluded(run) ? [] : [...open, date].slice(-maxOpenDates);
}

function isConcluded(run: SnapshotRun): boolean {
  return run.isConcluded ?? run.isSettled ?? false;
}
