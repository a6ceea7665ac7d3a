import { computePeriodEndMs } from '../usage/billingPeriod.ts';
import { utcDateOf } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { CustomerSnapshot } from '../usage/usageSnapshot.ts';
import { tellOf } from './runRecord.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { runSnapshot, type SnapshotResult } from './snapshotRun.ts';

export interface CatchUpRequest {
  /** When the nightly run is next due after an instant, both in milliseconds since the epoch. */
  nextNightlyMs: (afterMs: number) => number | undefined;
  /** The process is to end. */
  signal?: AbortSignal;
}

/** From this hour on, UTC, periods that end before the next nightly run are looked at once more. */
const closingHour = 22;

/**
 * Takes up a day that is not complete: once its nightly run was due, whether or not it came. When
 * all is well that costs one small query.
 *
 * From 22:00 UTC on it also captures once more the customers whose billing period ends before the
 * next nightly run: a closed period is never shown again.
 *
 * @returns what ran, in order
 */
export async function runCatchUp(
  { nextNightlyMs, signal }: CatchUpRequest,
  context: SnapshotContext,
): Promise<SnapshotResult[]> {
  const { clock, stores, events, settings } = context;
  const nowMs = clock.now();
  const today = utcDateOf(nowMs);
  const dueMs = nextNightlyMs(Date.parse(today) - 1);
  if (dueMs === undefined || dueMs > nowMs) return [];

  let isComplete = false;
  let isClosed = false;
  const range = { from: today, to: today };
  for await (const run of stores.snapshotRuns.list(range, { onUnreadable: tellOf(events) })) {
    isComplete = run.status === 'complete' || (isComplete && !mayHaveUndone(run));
    isClosed ||= run.status === 'complete' && run.trigger === 'closing';
  }
  const results: SnapshotResult[] = [];
  // One for both runs: the host gives an invocation so long in all.
  const stop = { deadlineAtMs: nowMs + settings.deadlineMs, ...(signal && { signal }) };
  if (!isComplete) results.push(await runSnapshot({ trigger: 'catchUp', ...stop }, context));

  const isClosing = new Date(nowMs).getUTCHours() >= closingHour && !isClosed;
  const isSameDay = utcDateOf(clock.now()) === today;
  if (!isClosing || !isSameDay || signal?.aborted) return results;
  const endsBeforeNextNight = periodEndsBy(nextNightlyMs(nowMs));
  for await (const row of stores.usageByDay.listDay(today, { onUnreadable: tellOf(events) })) {
    if (!endsBeforeNextNight(row)) continue;
    const isForced = endsBeforeNextNight;
    results.push(await runSnapshot({ trigger: 'closing', isForced, ...stop }, context));
    break;
  }
  return results;
}

/**
 * Whether a run that is not complete may have left less than the complete one before it had: a
 * refused customer who is served again and then fails, rows without their totals.
 */
function mayHaveUndone({ status, customersFailed }: SnapshotRun): boolean {
  return status === 'running' || status === 'failed' || customersFailed > 0;
}

/** Whether a customer's billing period is over by then. */
function periodEndsBy(instantMs: number | undefined): (row: CustomerSnapshot) => boolean {
  return ({ figures }) =>
    figures !== undefined && computePeriodEndMs(figures) <= (instantMs ?? Number.POSITIVE_INFINITY);
}
