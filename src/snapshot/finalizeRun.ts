import { messageOf } from '../errors.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { deliverAnomalies } from './anomalyDelivery.ts';
import type { DayLedger } from './dayLedger.ts';
import { DepthStage } from './depthStage.ts';
import type { EarlierRuns } from './earlierRuns.ts';
import { runEach } from './fanOut.ts';
import { finalizeDay } from './finalizeDay.ts';
import { LeaseLostError } from './lease.ts';
import { reportRun } from './runReport.ts';
import { findDoubt, isOnlyFailingLeft, statusOf } from './runStatus.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { RunStoppedError, type StopPolicy } from './stopPolicy.ts';
import { reportUnreadable } from './unreadableRow.ts';

/** A run whose capture has ended. */
export interface CapturedRun {
  run: SnapshotRun;
  ledger: DayLedger;
  end: StopPolicy;
  /** Of the run's requests. */
  correlationId: string;
  /** Whether what lies below the plans is left to a later run. */
  leavesDepth: boolean;
  /** What the capture threw, so that rows of the day may be missing. */
  error: unknown;
}

/**
 * Ends a run: finalizes the days, takes counts and status from the rows read back, writes the run's
 * record and sends its event.
 */
export async function finalizeRun(captured: CapturedRun, context: SnapshotContext): Promise<void> {
  const { run, ledger, end } = captured;
  if (captured.error instanceof RunStoppedError) ledger.stoppedBy ??= captured.error.reason;
  let error = captured.error instanceof RunStoppedError ? undefined : captured.error;
  const isDetailed = context.settings.depth.level !== 'off';
  const depth =
    isDetailed && !captured.leavesDepth
      ? new DepthStage(run, context, end, captured.correlationId)
      : undefined;
  if (isDetailed) run.isDepthDone = false;
  run.isSettled = false;
  run.isConcluded = false;
  run.customersListed = ledger.list.ids.size;
  run.subscriptionsCaptured = ledger.subscriptions.captured;
  run.subscriptionsFailed = ledger.subscriptions.failed;
  run.costMismatches = ledger.costMismatches;
  run.customersOnlyInUsageRecords = ledger.list.onlyInUsageRecords;
  let left: string | undefined;
  if (!(error instanceof LeaseLostError)) {
    try {
      left = await finalizeDays({ ...captured, depth }, context);
      const { customersRemaining, ...counts } = ledger.counts;
      Object.assign(run, counts, ledger.list.isRead && { customersRemaining });
    } catch (thrown) {
      error ??= thrown;
    }
  }
  if (end.isTerminated) ledger.stoppedBy ??= 'the process was to end';
  const doubt = findDoubt(run, ledger, context.settings.customers);
  run.status = error ? 'failed' : statusOf(run, doubt);
  if (run.status === 'complete' || isOnlyFailingLeft(run, doubt)) run.isSettled = run.isConcluded;
  const why = error ? [messageOf(error)] : [doubt, left].filter((each) => each !== undefined);
  if (why.length > 0) run.error = why.join('; ');
  if (depth) {
    if (error) depth.stop();
    else await beginRest(run, end, context);
    try {
      await depth.capture(run.scope === 'all' ? ledger.listCaptured() : ledger.list.ids);
      await depth.finish({ isRepeated: ledger.earlier?.isRepeated === true });
    } catch (thrown) {
      error ??= thrown;
    }
  }
  noteEnd(run, context);
  if (!(error instanceof LeaseLostError)) await writeRecord(run, context);
  reportRun(run, context.events);
}

/**
 * Writes the record before what is left of the depth, so that the day is proven even if the process
 * ends meanwhile.
 */
async function beginRest(
  run: SnapshotRun,
  end: StopPolicy,
  context: SnapshotContext,
): Promise<void> {
  noteEnd(run, context);
  // The last record is written in any case, and tells whether it could be.
  if (end.reason === undefined) await writeRecord({ ...run }, context);
}

function noteEnd(run: SnapshotRun, { clock }: SnapshotContext): void {
  const endedMs = clock.now();
  run.finishedAt = new Date(endedMs).toISOString();
  run.durationMs = endedMs - Date.parse(run.startedAt);
}

/**
 * Finalizes and reads back the day and earlier ones that were not concluded, and delivers alerts,
 * where there is time for it; `isConcluded` then says that nothing is left.
 *
 * @returns what is left to the next run, and why
 */
async function finalizeDays(
  captured: CapturedRun & { depth: DepthStage | undefined },
  context: SnapshotContext,
): Promise<string | undefined> {
  const { run, ledger, end } = captured;
  const { earlier } = ledger;
  // The counts of the record are then those in memory.
  if (end.isTerminated || !earlier) return undefined;
  try {
    const left = [await finalizeOwnDay(captured, earlier, context)];
    left.push(...(await finalizeOthers(captured, earlier, context)));
    if (run.trigger !== 'cli') {
      const range = { from: earlier.undeliveredFrom, to: run.snapshotDate };
      const tellNews = async () => {
        if (captured.depth) await captureNews(captured.depth, range, context, end);
        return deliver(range, context, end.signal);
      };
      left.push(await leaveOnError('alerts are', tellNews));
    }
    const reasons = left.filter((each) => each !== undefined);
    run.isConcluded = reasons.length === 0;
    return reasons.length > 0 ? reasons.join('; ') : undefined;
  } catch (error) {
    if (error instanceof RunStoppedError) return undefined;
    throw error;
  }
}

/** Finalizes the run's own date. The ledger has the outcomes of its rows afterwards. */
async function finalizeOwnDay(
  { run: { runId, snapshotDate }, ledger, end, error }: CapturedRun,
  { isFirstNight, isLeftOpen }: EarlierRuns,
  context: SnapshotContext,
): Promise<string | undefined> {
  const unread = new Set(ledger.listEntered());
  const onRow = ({ customerId, outcome }: LedgerRow) => {
    throwIfTerminated(end);
    // In place: a second map of a large partner's customers would be the most that a run needs.
    ledger.enter(customerId, outcome);
    unread.delete(customerId);
  };
  const isBehind = isLeftOpen || error !== undefined;
  const { signal } = end;
  const options = { isFirstNight, signal, runId, isBehind, onRow };
  const left = await finalizeDay(snapshotDate, context, options);
  ledger.forget(unread);
  return left;
}

/** A failure here is left to the next run: the run's own date was read back before. */
async function finalizeOthers(
  { run: { runId }, end }: CapturedRun,
  { isFirstNight, openDates }: EarlierRuns,
  context: SnapshotContext,
): Promise<(string | undefined)[]> {
  const { signal } = end;
  const onRow = () => {
    throwIfTerminated(end);
    signal.throwIfAborted();
  };
  const options = { isFirstNight, signal, runId, isBehind: true, onRow };
  const left: (string | undefined)[] = [];
  for (const date of openDates) {
    left.push(await leaveOnError(`${date} is`, () => finalizeDay(date, context, options)));
  }
  return left;
}

/** Alerts wait no longer for what explains them. */
const longestWaitMs = 10 * 60_000;

/** Captures the depth of customers that there is something to tell of first. */
async function captureNews(
  depth: DepthStage,
  range: { from: string; to: string },
  { stores, budgets, clock, events }: SnapshotContext,
  { signal }: StopPolicy,
): Promise<void> {
  const customerIds = new Set<string>();
  const options = { onUnreadable: reportUnreadable(events) };
  for await (const row of stores.usageByDay.listUndeliveredAnomalies(range, options)) {
    if (row.snapshotDate === range.to) customerIds.add(row.customerId);
  }
  for await (const { customerId } of budgets.listUndelivered(range.to)) customerIds.add(customerId);
  const isOver = new AbortController();
  const stop = AbortSignal.any([signal, isOver.signal]);
  const wait = clock.sleep(longestWaitMs, stop).catch(() => {});
  try {
    await Promise.race([depth.capture(customerIds), wait]);
  } finally {
    isOver.abort();
  }
}

function throwIfTerminated(end: StopPolicy): void {
  if (end.isTerminated) throw new RunStoppedError('the process was to end');
}

async function deliver(
  range: { from: string; to: string },
  context: SnapshotContext,
  signal: AbortSignal,
): Promise<undefined> {
  await runEach([
    () => context.budgets.deliver(range.to, { signal }),
    () => deliverAnomalies(range, context, signal),
  ]);
  return undefined;
}

/**
 * @returns what `work` says is left to the next run, or why it failed
 * @throws LeaseLostError
 */
async function leaveOnError(
  what: string,
  work: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    return `${what} left to the next run: ${messageOf(error)}`;
  }
}

async function writeRecord(run: SnapshotRun, { stores }: SnapshotContext): Promise<void> {
  try {
    await stores.snapshotRuns.upsert(run);
  } catch (thrown) {
    run.status = 'failed';
    run.error = [run.error, messageOf(thrown)].filter(Boolean).join('; ');
  }
}
