import { messageOf } from '../errors.ts';
import { utcDateOf } from '../usage/date.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import type { RunStatus, RunTrigger, SnapshotRun } from '../usage/snapshotRun.ts';
import type { Outcome } from '../usage/usageSnapshot.ts';
import { deliverAnomalies } from './anomalyDelivery.ts';
import { LedgerCounter, type LedgerCounts } from './completeness.ts';
import type { CustomerList } from './customerList.ts';
import type { EarlierRuns } from './earlierRuns.ts';
import { runEach } from './fanOut.ts';
import { LeaseLostError } from './lease.ts';
import { RunStoppedError } from './runEnd.ts';
import { reportRun } from './runReport.ts';
import { settleDay } from './settleDay.ts';
import type { SnapshotContext } from './snapshotContext.ts';

/** The record of a run that begins now. */
export function newRun(
  { trigger, customerId }: { trigger: RunTrigger; customerId?: string },
  { clock, random, partnerTenantId }: SnapshotContext,
): SnapshotRun {
  const startedAt = new Date(clock.now()).toISOString();
  const suffix = Math.floor(random() * 0x1_0000_0000).toString(16);
  return {
    snapshotDate: utcDateOf(clock.now()),
    runId: `${startedAt.replace(/[-:.]/g, '')}-${suffix.padStart(8, '0')}`,
    partnerTenantId,
    trigger,
    scope: customerId === undefined ? 'all' : 'customer',
    status: 'running',
    startedAt,
    customersListed: 0,
    customersWithUsage: 0,
    customersWithoutUsage: 0,
    customersRefused: 0,
    customersFailed: 0,
    customersSkipped: 0,
    subscriptionsCaptured: 0,
    subscriptionsFailed: 0,
    requests: 0,
    retries: 0,
    throttled: 0,
    tokenRequests: 0,
    customersOnlyInUsageRecords: 0,
    costMismatches: 0,
  };
}

/** What a run's record is concluded from. */
export interface Conclusion {
  list: CustomerList;
  /** Absent where the run came to its end before it could look. */
  earlier: EarlierRuns | undefined;
  /** The ledger as the run has it in mind: it counts where there is no time to read it back. */
  ledger: ReadonlyMap<string, Outcome>;
  /** Whether the process is to end within seconds: it may come to that at any moment. */
  isTerminated: () => boolean;
  /** Aborted when everything under way is to be given up. */
  signal: AbortSignal;
  /** Customers done before that could not be captured once more. */
  recapturesFailed: number;
  /** Whether so many subscriptions were refused that a right must have been lost. */
  isMassRefusalOfSubscriptions: boolean;
  /** Customers that failed on this and the two recorded days before. */
  failing: ReadonlySet<string>;
  /** Why no more customers were taken. */
  stoppedBy: string | undefined;
  /** What was thrown: the run failed. */
  error: unknown;
  /** Whether the capture ended by what was thrown, so that rows of the day may be missing. */
  isCutOff: boolean;
}

/**
 * Ends a run's record: counts and totals are read back from the day's ledger, the proof of
 * completeness is made, the record is written and the event sent.
 */
export async function concludeRun(
  run: SnapshotRun,
  conclusion: Conclusion,
  context: SnapshotContext,
): Promise<void> {
  const { list } = conclusion;
  let { error } = conclusion;
  run.isSettled = false;
  run.isConcluded = false;
  let left: string | undefined;
  run.customersListed = list.ids.size;
  run.customersOnlyInUsageRecords = list.onlyInUsageRecords;
  if (!(error instanceof LeaseLostError)) {
    try {
      const readBack = await readLedger(run, conclusion, context);
      left = readBack.left;
      run.isConcluded = readBack.isConcluded;
      const { customersRemaining, ...counts } = readBack.counts;
      Object.assign(run, counts, list.isRead && { customersRemaining });
    } catch (thrown) {
      error ??= thrown;
    }
  }
  const doubt = doubtOf(run, conclusion, context);
  run.status = error ? 'failed' : statusOf(run, doubt);
  if (run.status === 'complete' || isNobodyElseLeft(run, doubt)) run.isSettled = run.isConcluded;
  const why = error ? [messageOf(error)] : [doubt, left].filter((each) => each !== undefined);
  if (why.length > 0) run.error = why.join('; ');
  const endedMs = context.clock.now();
  run.finishedAt = new Date(endedMs).toISOString();
  run.durationMs = endedMs - Date.parse(run.startedAt);
  if (!(error instanceof LeaseLostError)) await writeRecord(run, context);
  reportRun(run, context.events);
}

async function writeRecord(run: SnapshotRun, { stores }: SnapshotContext): Promise<void> {
  try {
    await stores.snapshotRuns.upsert(run);
  } catch (thrown) {
    run.status = 'failed';
    run.error = [run.error, messageOf(thrown)].filter(Boolean).join('; ');
  }
}

interface LedgerReading {
  counts: LedgerCounts;
  isConcluded: boolean;
  /** What is left to the next run, and why. */
  left?: string | undefined;
}

/** The day's counts, read back unless there is no time for it or no way to. */
async function readLedger(
  run: SnapshotRun,
  conclusion: Conclusion,
  context: SnapshotContext,
): Promise<LedgerReading> {
  const { earlier, isTerminated } = conclusion;
  const unread = { counts: countLedger(conclusion), isConcluded: false };
  if (isTerminated() || !earlier) return unread;
  try {
    return await readBack(run, conclusion, earlier, context);
  } catch (error) {
    if (error instanceof RunStoppedError) return unread;
    throw error;
  }
}

/** Counts the day's rows, settles it and the days before, and tells what is to be told. */
async function readBack(
  run: SnapshotRun,
  { list, failing, isTerminated, signal, isCutOff }: Conclusion,
  earlier: EarlierRuns,
  context: SnapshotContext,
): Promise<LedgerReading> {
  const counter = new LedgerCounter(list.ids, failing);
  const { isFirstNight, openDates, undeliveredFrom } = earlier;
  const settle = async (date: string, isBehind: boolean, onRow: (row: LedgerRow) => void) => {
    const checkTime = (row: LedgerRow) => {
      if (isTerminated()) throw new RunStoppedError('the process was to end');
      onRow(row);
    };
    const options = { isFirstNight, signal, runId: run.runId, isBehind, onRow: checkTime };
    return settleDay(date, context, options);
  };
  const isBehind = earlier.isLeftOpen || isCutOff;
  const left = [await settle(run.snapshotDate, isBehind, (row) => counter.add(row))];
  // Whatever comes of these, the day itself was read back.
  for (const date of openDates) {
    left.push(await orLeft(`${date} is`, () => settle(date, true, () => signal.throwIfAborted())));
  }
  if (run.trigger !== 'cli') {
    const range = { from: undeliveredFrom, to: run.snapshotDate };
    left.push(await orLeft('alerts are', () => deliver(range, context, signal)));
  }
  const reasons = left.filter((each) => each !== undefined);
  const isConcluded = reasons.length === 0;
  return { counts: counter.counts, isConcluded, ...(!isConcluded && { left: reasons.join('; ') }) };
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
 * @returns what `work` says is left, or why it did not come to its end; then the next run goes on
 * @throws LeaseLostError
 */
async function orLeft(
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

function countLedger({ list, ledger, failing }: Conclusion): LedgerCounts {
  const counter = new LedgerCounter(list.ids, failing);
  for (const [customerId, outcome] of ledger) counter.add({ customerId, outcome });
  return counter.counts;
}

/** What speaks against the day's being whole, the counts aside. */
function doubtOf(
  run: SnapshotRun,
  conclusion: Conclusion,
  { settings }: SnapshotContext,
): string | undefined {
  const { list, stoppedBy, isTerminated } = conclusion;
  if (stoppedBy !== undefined) return `stopped: ${stoppedBy}`;
  // Nothing was read back, and there are no totals: the next run makes up for both.
  if (isTerminated()) return 'stopped: the process was to end';
  if (list.error) return list.error.message;
  if (conclusion.recapturesFailed > 0) {
    return `${conclusion.recapturesFailed} customers could not be captured once more`;
  }
  if (conclusion.isMassRefusalOfSubscriptions) {
    return 'most likely a right on subscriptions was lost';
  }
  if (run.scope === 'customer') return undefined;
  const named = list.ids.size - list.onlyInUsageRecords;
  if (named > 0) return undefined;
  const isByRecords = settings.customers === 'usage';
  return `the ${isByRecords ? 'list of usage records' : 'customer list'} is empty`;
}

/** `complete` proves the day: only a run of all customers, whose list was read and is believed. */
function statusOf(run: SnapshotRun, doubt: string | undefined): RunStatus {
  return run.scope === 'all' && !doubt && isWholeLedger(run) ? 'complete' : 'partial';
}

function isWholeLedger(run: SnapshotRun): boolean {
  return run.customersRemaining === 0 && run.customersFailed === 0;
}

/** Whether a day that is not complete lacks but a few customers that fail for good. */
function isNobodyElseLeft(run: SnapshotRun, doubt: string | undefined): boolean {
  const { scope, status, customersRemaining, customersFailed, customersFailing } = run;
  const isReached = scope === 'all' && status === 'partial' && doubt === undefined;
  return isReached && customersRemaining === 0 && customersFailing === customersFailed;
}
