import { messageOf } from '../errors.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import { addDays, utcDateOf } from '../usage/date.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import {
  isRunDone,
  type RunStatus,
  type RunTrigger,
  type SnapshotRun,
} from '../usage/snapshotRun.ts';
import type { Outcome } from '../usage/usageSnapshot.ts';
import { deliverAnomalies } from './anomalyDelivery.ts';
import { doubtOfList, LedgerCounter, type LedgerCounts } from './completeness.ts';
import { CurrencyTotals } from './currencyTotals.ts';
import type { CustomerList } from './customerList.ts';
import { runEach } from './fanOut.ts';
import { LeaseLostError } from './lease.ts';
import { RunStoppedError } from './runEnd.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { tellOf } from './unreadableRow.ts';

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

/** How far back the last complete run is looked for. */
const daysLookedBack = 35;

/** What earlier runs tell a run. */
export interface EarlierRuns {
  /** Whether there was one on the same date, which may have written rows of the day. */
  isRepeated: boolean;
  /** Whether nothing was recorded on an earlier day. */
  isFirstNight: boolean;
  /** Customers on the list of the last complete run; absent where there was none in five weeks. */
  customersListed?: number;
  /** The last earlier day with runs, where none after its last capture wrote its totals. */
  openDate?: string;
  /** The last earlier day on which a timer's run told of anomalies; absent without. */
  lastToldDate?: string;
}

/**
 * Reads the records of earlier runs, and closes those that say `running`: whoever holds the lease
 * knows that they are dead.
 */
export async function readEarlierRuns(
  { snapshotDate, runId }: SnapshotRun,
  { stores: { snapshotRuns }, clock, events }: SnapshotContext,
): Promise<EarlierRuns> {
  const earlier: EarlierRuns = { isRepeated: false, isFirstNight: true };
  const range = { from: addDays(snapshotDate, -daysLookedBack), to: snapshotDate };
  const dead: SnapshotRun[] = [];
  for await (const run of snapshotRuns.list(range, { onUnreadable: tellOf(events) })) {
    if (run.runId === runId) continue;
    if (run.snapshotDate === snapshotDate) earlier.isRepeated = true;
    else noteEarlierDay(earlier, run);
    if (run.status === 'complete') {
      earlier.customersListed = run.customersListed - run.customersOnlyInUsageRecords;
    }
    if (run.status === 'running') dead.push(run);
  }
  const finishedAt = new Date(clock.now()).toISOString();
  const error = 'ended without a word: its lease ran out';
  for (const run of dead) {
    await snapshotRuns.upsert({ ...run, status: 'failed', finishedAt, error });
    report({ ...run, status: 'failed', error }, events);
  }
  return earlier;
}

function noteEarlierDay(earlier: EarlierRuns, run: SnapshotRun): void {
  const { snapshotDate, scope, status, trigger } = run;
  if (scope === 'all' && run.customersWithUsage + run.customersWithoutUsage > 0) {
    earlier.isFirstNight = false;
  }
  if (trigger !== 'cli' && (status === 'complete' || status === 'partial')) {
    earlier.lastToldDate = snapshotDate;
  }
  // A later run may have ended before it came to the totals.
  if (status === 'complete') delete earlier.openDate;
  else earlier.openDate = snapshotDate;
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
  /** Whose cost was left to the next run, and why. */
  unassessed: string | undefined;
  /** Customers done before that could not be captured once more. */
  recapturesFailed: number;
  /** Whether so many subscriptions were refused that a right must have been lost. */
  isMassRefusalOfSubscriptions: boolean;
  /** Why no more customers were taken. */
  stoppedBy: string | undefined;
  /** What was thrown: the run failed. */
  error: unknown;
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
  let undelivered: string | undefined;
  run.customersListed = list.ids.size;
  run.customersOnlyInUsageRecords = list.onlyInUsageRecords;
  if (!(error instanceof LeaseLostError)) {
    try {
      const readBack = await readLedger(run, conclusion, context);
      undelivered = readBack.undelivered;
      const { customersRemaining, ...counts } = readBack.counts;
      Object.assign(run, counts, list.isRead && { customersRemaining });
    } catch (thrown) {
      error ??= thrown;
    }
  }
  const doubt = doubtOf(run, conclusion, context);
  run.status = error ? 'failed' : statusOf(run, doubt);
  const left = [conclusion.unassessed, undelivered].filter((each) => each !== undefined).join('; ');
  const why = error ? messageOf(error) : (doubt ?? left);
  if (why !== '') run.error = why;
  const endedMs = context.clock.now();
  run.finishedAt = new Date(endedMs).toISOString();
  run.durationMs = endedMs - Date.parse(run.startedAt);
  if (!(error instanceof LeaseLostError)) await writeRecord(run, context);
  report(run, context.events);
}

async function writeRecord(run: SnapshotRun, { stores }: SnapshotContext): Promise<void> {
  try {
    await stores.snapshotRuns.upsert(run);
  } catch (thrown) {
    run.status = 'failed';
    run.error = [run.error, messageOf(thrown)].filter(Boolean).join('; ');
  }
}

function report(run: SnapshotRun, events: EventLog): void {
  if (run.status === 'failed') {
    const { runId, snapshotDate, scope, error } = run;
    events.emit('snapshot.run.failed', { runId, snapshotDate, scope, error });
    return;
  }
  events.emit('snapshot.run.completed', { ...run }, isRunDone(run) ? 'info' : 'warning');
}

interface LedgerReading {
  counts: LedgerCounts;
  /** Why somebody is still to be told of something. */
  undelivered?: string | undefined;
}

/** The day's counts, read back unless there is no time for it or no way to. */
async function readLedger(
  run: SnapshotRun,
  conclusion: Conclusion,
  context: SnapshotContext,
): Promise<LedgerReading> {
  const { earlier, isTerminated } = conclusion;
  if (isTerminated() || !earlier) return { counts: countLedger(conclusion) };
  try {
    return await readBack(run, conclusion, earlier, context);
  } catch (error) {
    if (error instanceof RunStoppedError) return { counts: countLedger(conclusion) };
    throw error;
  }
}

/** Counts the day's rows, writes the totals of each currency, and tells what is to be told. */
async function readBack(
  run: SnapshotRun,
  conclusion: Conclusion,
  earlier: EarlierRuns,
  context: SnapshotContext,
): Promise<LedgerReading> {
  const { list, isTerminated } = conclusion;
  const { snapshotDate } = run;
  const counter = new LedgerCounter(list.ids);
  const onRow = (row: LedgerRow) => {
    if (isTerminated()) throw new RunStoppedError('the process was to end');
    counter.add(row);
  };
  await writeTotals(snapshotDate, run, context, onRow);
  if (earlier.openDate !== undefined) await writeTotals(earlier.openDate, run, context);
  const undelivered = run.trigger === 'cli' ? undefined : await deliver(run, conclusion, context);
  return { counts: counter.counts, undelivered };
}

/** Adds up a day's ledger, and writes its totals. */
async function writeTotals(
  date: string,
  { runId }: SnapshotRun,
  { stores, clock, events }: SnapshotContext,
  onRow: (row: LedgerRow) => void = () => {},
): Promise<void> {
  const totals = new CurrencyTotals();
  for await (const row of stores.usageByDay.listDay(date, { onUnreadable: tellOf(events) })) {
    onRow(row);
    totals.add(row);
  }
  // A currency that an earlier run had customers for may have none by now.
  for await (const { currency } of stores.usageByCustomer.listTotals({ from: date, to: date })) {
    totals.include(currency);
  }
  const capturedAt = new Date(clock.now()).toISOString();
  await stores.usageByCustomer.upsertTotals(
    totals.totals({ snapshotDate: date, runId, capturedAt }),
  );
}

/** @returns why that did not succeed; then the next run does it */
async function deliver(
  { snapshotDate }: SnapshotRun,
  { earlier, signal }: Conclusion,
  context: SnapshotContext,
): Promise<string | undefined> {
  const from = earlier?.lastToldDate ?? addDays(snapshotDate, -daysLookedBack);
  try {
    await runEach([
      () => context.budgets.deliver(snapshotDate, { signal }),
      () => deliverAnomalies({ from, to: snapshotDate }, context, signal),
    ]);
    return undefined;
  } catch (error) {
    if (error instanceof LeaseLostError || error instanceof RunStoppedError) throw error;
    return `alerts are left to the next run: ${messageOf(error)}`;
  }
}

function countLedger({ list, ledger }: Conclusion): LedgerCounts {
  const counter = new LedgerCounter(list.ids);
  for (const [customerId, outcome] of ledger) counter.add({ customerId, outcome });
  return counter.counts;
}

/** What speaks against the day's being whole, the counts aside. */
function doubtOf(
  run: SnapshotRun,
  conclusion: Conclusion,
  { settings }: SnapshotContext,
): string | undefined {
  const { list, earlier, stoppedBy, isTerminated } = conclusion;
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
  // The usage records name fewer on some days than on others.
  const before = settings.customers === 'all' ? earlier?.customersListed : undefined;
  return doubtOfList(list.ids.size - list.onlyInUsageRecords, before);
}

/** `complete` proves the day: only a run of all customers, whose list was read and is believed. */
function statusOf(run: SnapshotRun, doubt: string | undefined): RunStatus {
  return run.scope === 'all' && !doubt && isWholeLedger(run) ? 'complete' : 'partial';
}

function isWholeLedger(run: SnapshotRun): boolean {
  return run.customersRemaining === 0 && run.customersFailed === 0;
}
