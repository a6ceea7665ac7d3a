import { messageOf } from '../errors.ts';
import { addDays, utcDateOf } from '../usage/date.ts';
import type { RunStatus, RunTrigger, SnapshotRun } from '../usage/snapshotRun.ts';
import { doubtOfList, LedgerCounter, type LedgerCounts } from './completeness.ts';
import { CurrencyTotals } from './currencyTotals.ts';
import type { CustomerList } from './customerList.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import type { SnapshotStores } from './stores.ts';

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
  /** Customers of the last complete run; absent where there was none in five weeks. */
  customersListed?: number;
}

export async function readEarlierRuns(
  { snapshotDate, runId }: SnapshotRun,
  { snapshotRuns }: SnapshotStores,
): Promise<EarlierRuns> {
  const earlier: EarlierRuns = { isRepeated: false };
  const range = { from: addDays(snapshotDate, -daysLookedBack), to: snapshotDate };
  for await (const run of snapshotRuns.list(range)) {
    if (run.runId === runId) continue;
    if (run.snapshotDate === snapshotDate) earlier.isRepeated = true;
    if (run.status === 'complete') earlier.customersListed = run.customersListed;
  }
  return earlier;
}

/**
 * Ends a run's record: counts and totals are read back from the day's ledger, the proof of
 * completeness is made, the record is written and the event sent.
 */
export async function concludeRun(
  run: SnapshotRun,
  { list, earlier, error }: { list: CustomerList; earlier: EarlierRuns; error: unknown },
  context: SnapshotContext,
): Promise<void> {
  const { clock, events, stores } = context;
  let failure = error;
  let ledger: LedgerCounts | undefined;
  try {
    ledger = await readBack(run, list, context);
  } catch (thrown) {
    failure ??= thrown;
  }
  const doubt = doubtOfRun(run, list, earlier);
  if (ledger) {
    const { customersRemaining, ...counts } = ledger;
    Object.assign(run, counts, list.isRead && { customersRemaining });
  }
  run.customersListed = list.ids.size;
  run.customersOnlyInUsageRecords = list.onlyInUsageRecords;
  run.status = failure ? 'failed' : statusOf(run, doubt);
  if (failure || doubt) run.error = failure ? messageOf(failure) : (doubt ?? '');
  run.finishedAt = new Date(clock.now()).toISOString();
  run.durationMs = clock.now() - Date.parse(run.startedAt);
  try {
    await stores.snapshotRuns.upsert(run);
  } catch (thrown) {
    run.status = 'failed';
    run.error = `${run.error ? `${run.error}; ` : ''}${messageOf(thrown)}`;
  }
  if (run.status === 'failed') {
    const { runId, snapshotDate, scope } = run;
    events.emit('snapshot.run.failed', { runId, snapshotDate, scope, error: run.error });
  } else {
    const isDone = run.status === 'complete' || (run.scope === 'customer' && isWholeLedger(run));
    events.emit('snapshot.run.completed', { ...run }, isDone ? 'info' : 'warning');
  }
}

/** Counts the day's rows and writes the totals of each currency. */
async function readBack(
  { snapshotDate, runId }: SnapshotRun,
  list: CustomerList,
  { stores, clock }: SnapshotContext,
): Promise<LedgerCounts> {
  const counter = new LedgerCounter(list.ids);
  const totals = new CurrencyTotals();
  for await (const row of stores.usageByDay.listDay(snapshotDate)) {
    counter.add(row);
    totals.add(row);
  }
  const capturedAt = new Date(clock.now()).toISOString();
  await stores.usageByCustomer.upsertTotals(totals.totals({ snapshotDate, runId, capturedAt }));
  return counter.counts;
}

function doubtOfRun(
  { scope }: SnapshotRun,
  list: CustomerList,
  earlier: EarlierRuns,
): string | undefined {
  if (list.error) return list.error.message;
  if (scope === 'customer') return undefined;
  return doubtOfList(list.ids.size, earlier.customersListed);
}

/** `complete` proves the day: only a run of all customers, whose list was read and is believed. */
function statusOf(run: SnapshotRun, doubt: string | undefined): RunStatus {
  return run.scope === 'all' && !doubt && isWholeLedger(run) ? 'complete' : 'partial';
}

function isWholeLedger(run: SnapshotRun): boolean {
  return run.customersRemaining === 0 && run.customersFailed === 0;
}
