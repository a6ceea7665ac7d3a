import { RowsRefusedError } from '../errors.ts';
import { forEachBounded } from '../forEachBounded.ts';
import type { Assessment } from '../usage/assessment.ts';
import { costCurrencyOf, type LedgerRow } from '../usage/ledgerRow.ts';
import { readAssessment } from './readAssessment.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import type { UsageByDayStore } from './snapshotStores.ts';
import { reportUnreadable } from './unreadableRow.ts';

/** As many rows as a table transaction takes. */
const rowsPerWrite = 100;
/** Causes read at a time. */
const causesAtOnce = 4;

interface Anomaly {
  row: LedgerRow;
  assessment: Assessment;
}

/**
 * Delivers the undelivered anomalies of some days, each at most once: the row is marked first, then
 * the event is logged. A process that ends between the two, or a lost answer of the table, leaves
 * at most a hundred anomalies marked but not logged.
 *
 * @param range dates, both included
 * @param signal ends it between two writes
 * @throws what the tables threw: then the rest is neither marked nor logged
 */
export async function deliverAnomalies(
  range: { from: string; to: string },
  context: SnapshotContext,
  signal: AbortSignal,
): Promise<void> {
  const { stores, events } = context;
  let waiting: Anomaly[] = [];
  let firstRefusal: RowsRefusedError | undefined;
  const flush = async () => {
    signal.throwIfAborted();
    const anomalies = waiting;
    waiting = [];
    await addCauses(anomalies, context);
    signal.throwIfAborted();
    const refusal = await write(anomalies, stores.usageByDay);
    const refused = new Set(refusal?.rows.map(({ index }) => index));
    anomalies.forEach((anomaly, index) => {
      if (!refused.has(index)) emit(anomaly, context);
    });
    firstRefusal ??= refusal;
  };
  const rows = stores.usageByDay.listUndeliveredAnomalies(range, {
    onUnreadable: reportUnreadable(events),
  });
  for await (const row of rows) {
    signal.throwIfAborted();
    const assessment = await readAssessment(row, context);
    waiting.push({ row: { ...row, isAnomalyDelivered: true }, assessment });
    if (waiting.length >= rowsPerWrite) await flush();
  }
  if (waiting.length > 0) await flush();
  if (firstRefusal) throw firstRefusal;
}

/** Keeps what caused them beside the mark, where that is known. */
async function addCauses(
  anomalies: readonly Anomaly[],
  { causesOf }: SnapshotContext,
): Promise<void> {
  await forEachBounded(anomalies, causesAtOnce, async ({ row }) => {
    const causes = await causesOf(row.customerId, row.snapshotDate);
    if (causes !== undefined) row.causes = causes;
  });
}

/** @returns which rows cannot be stored; all the others are marked as delivered */
async function write(
  anomalies: readonly Anomaly[],
  store: Pick<UsageByDayStore, 'upsertDay'>,
): Promise<RowsRefusedError | undefined> {
  try {
    await store.upsertDay(anomalies.map(({ row }) => row));
    return undefined;
  } catch (error) {
    if (error instanceof RowsRefusedError) return error;
    throw error;
  }
}

function emit({ row, assessment }: Anomaly, { events }: SnapshotContext): void {
  const { cost, expectedCost } = assessment;
  // Rows restored or removed in the meantime can mean that it is no anomaly any more.
  if (expectedCost === undefined) return;
  events.emit('usage.anomaly.detected', {
    customerId: row.customerId,
    customerName: row.customerName,
    dailyCost: Number(cost.dailyCost),
    expectedCost: Number(expectedCost),
    currency: costCurrencyOf(row),
    snapshotDate: row.snapshotDate,
    causes: row.causes,
  });
}
