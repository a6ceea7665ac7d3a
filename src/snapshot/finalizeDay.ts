import { isUnreadableRow } from '../errors.ts';
import { forEachBounded } from '../forEachBounded.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import type { CustomerSnapshot, Failure } from '../usage/usageSnapshot.ts';
import { CurrencyTotals } from './currencyTotals.ts';
import { DayAssessor, type DayAssessorOptions } from './dayAssessor.ts';
import { DayWriter } from './dayWriter.ts';
import { runEach } from './fanOut.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { reportUnreadable } from './unreadableRow.ts';

export interface FinalizeDayOptions extends DayAssessorOptions {
  runId: string;
  /** Whether customers' own rows may be newer than their rows of the day. */
  isBehind: boolean;
  /** Takes each row of the day; what it throws ends the finalizing. */
  onRow: (row: LedgerRow) => void;
}

/**
 * Finalizes a day: rows whose cost could not be computed when they were captured get it from the
 * customer's own rows, and each currency gets its total. Where a run ended between writing a
 * customer's own row and its row of the day, the latter gets the figures of the former.
 *
 * @returns how many customers' costs are still left, and why; undefined where none is
 * @throws what the tables threw, unless it concerned a single customer
 */
export async function finalizeDay(
  date: string,
  context: SnapshotContext,
  { runId, isBehind, onRow, ...options }: FinalizeDayOptions,
): Promise<string | undefined> {
  const { stores, clock, events, settings } = context;
  const assessor = new DayAssessor(context, options);
  const writer = new DayWriter(stores.usageByDay, clock);
  const totals = new CurrencyTotals();
  const rows = stores.usageByDay.listDay(date, { onUnreadable: reportUnreadable(events) });
  const refused: string[] = [];
  const noteRefused = async ({ message }: Failure) => {
    refused.push(message);
    return undefined;
  };
  const finalizeRow = async (found: LedgerRow) => {
    const row = isBehind ? await caughtUp(found, context) : found;
    onRow(row);
    const finalized = isOpen(row) ? await assessAgain(row, assessor) : row;
    if (finalized !== found) await writer.add(finalized, noteRefused);
    totals.add(finalized);
  };
  await runEach([
    () => forEachBounded(rows, settings.concurrency, finalizeRow),
    // Also when the run is to end, as nothing may be written after it.
    () => writer.flush(),
  ]);
  // A currency of an earlier run's totals may have no customers any more.
  for await (const { currency } of stores.usageByCustomer.listTotals({ from: date, to: date })) {
    totals.include(currency);
  }
  const capturedAt = new Date(clock.now()).toISOString();
  await stores.usageByCustomer.upsertTotals(
    totals.totals({ snapshotDate: date, runId, capturedAt }),
  );
  if (refused.length === 0) return assessor.pending;
  const notStored = `the daily cost of ${refused.length} customers could not be stored: ${refused[0]}`;
  return assessor.pending ? `${assessor.pending}; ${notStored}` : notStored;
}

/** Where the customer's own rows could not be stored, they cannot give the cost of the day. */
function isOpen({ cost, failure }: LedgerRow): boolean {
  return cost === undefined && failure?.phase !== 'store';
}

/** The row with the figures that the customer's own one has, where that is of another run. */
async function caughtUp(row: LedgerRow, { stores, events }: SnapshotContext): Promise<LedgerRow> {
  if (row.failure?.phase === 'store') return row;
  const { customerId, snapshotDate } = row;
  let own: CustomerSnapshot | undefined;
  try {
    own = await stores.usageByCustomer.getCustomerSnapshot(customerId, snapshotDate);
  } catch (error) {
    if (!isUnreadableRow(error)) throw error;
    reportUnreadable(events)(error);
  }
  if (!own?.figures || own.runId === row.runId) return row;
  const { runId, capturedAt, figures } = own;
  const { cost: _cost, expectedCurrency: _currency, expectedCost: _expected, ...rest } = row;
  const day = { ...rest, runId, capturedAt, figures };
  const hadFigures = row.outcome === 'usage' || row.outcome === 'failed';
  // For other outcomes it is unknown whether the subscriptions were captured.
  return hadFigures ? day : { ...day, ...unentered };
}

const unentered: Pick<LedgerRow, 'outcome' | 'failure'> = {
  outcome: 'failed',
  failure: {
    phase: 'subscriptions',
    code: 'RUN_CUT_OFF',
    message: 'a run ended between the rows of the customer and that of the day',
  },
};

async function assessAgain(row: LedgerRow, assessor: DayAssessor): Promise<LedgerRow> {
  const finding = await assessor.assess(row);
  if (finding.cost === undefined) return row;
  const isAnomaly = finding.expectedCost !== undefined;
  const isUndelivered = isAnomaly && row.isAnomalyDelivered === undefined;
  return { ...row, ...finding, ...(isUndelivered && { isAnomalyDelivered: false }) };
}
