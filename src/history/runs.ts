import { addDays, utcDateOf } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { HistoryContext } from './historyContext.ts';
import type { AskedRange } from './latestDates.ts';

/** What ran, by date and start: by default in the last 30 days. */
export async function readRuns(
  { from, to }: AskedRange,
  { stores, now, onUnreadable }: HistoryContext,
): Promise<SnapshotRun[]> {
  const today = utcDateOf(now());
  const last = to ?? (from !== undefined && from > today ? from : today);
  const range = { from: from ?? addDays(last, -29), to: last };
  return Array.fromAsync(stores.snapshotRuns.list(range, { onUnreadable }));
}
