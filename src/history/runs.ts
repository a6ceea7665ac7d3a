import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { HistoryContext } from './historyContext.ts';
import { type AskedRange, rangeUpToToday } from './latestDates.ts';

/** The runs by date and start; by default those of the last 30 days. */
export async function readRuns(
  asked: AskedRange,
  { stores, now, onUnreadable }: HistoryContext,
): Promise<SnapshotRun[]> {
  return Array.fromAsync(stores.snapshotRuns.list(rangeUpToToday(asked, now()), { onUnreadable }));
}
