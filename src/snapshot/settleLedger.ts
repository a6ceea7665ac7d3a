import { advanceDailyCost, type CostState, initialCostState } from '../usage/dailyCost.ts';
import { addDays } from '../usage/date.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import { costStateOf, type RecordedCost, recordCost } from '../usage/recordedCost.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { DayWriter } from './dayWriter.ts';
import { forEachBounded, runEach } from './fanOut.ts';
import { type LedgerPair, pairLedgers } from './ledgerPairs.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { tellOf } from './unreadableRow.ts';
import { findAnomaly, reportAnomaly, type UsageAnomaly } from './usageAnomaly.ts';

/** Two billing periods: what was before them has no say in a day's cost. */
const daysFolded = 62;

/**
 * Brings a day's ledger to its end: each row that has none gets its daily cost, by the ledger of
 * the day before it, and is looked at for an anomaly. What was looked at before is left as it is.
 *
 * Anomalies are told by runs of the Functions host, each at most once: first the row says so, then
 * the line is logged. One that a run of the command line found is told by the next timer's run,
 * from the ledger of its own day or of the day before it.
 *
 * @param datesBefore earlier days with runs, the latest first
 * @param onRow takes each row of the day, its cost with it
 */
export async function settleLedger(
  { snapshotDate, trigger }: SnapshotRun,
  datesBefore: readonly string[],
  context: SnapshotContext,
  onRow: (row: LedgerRow) => void,
): Promise<void> {
  const { stores, settings, clock } = context;
  const isDelivering = trigger !== 'cli';
  const dateBefore = await findLedgerBefore(datesBefore, context);
  const writer = new DayWriter(stores.usageByDay, clock);
  const untold: UsageAnomaly[] = [];

  const settle = async (row: LedgerRow, cost: RecordedCost): Promise<LedgerRow> => {
    const { isAnomalyDelivered: isTold, ...rest } = row;
    const settled: LedgerRow = { ...rest, cost };
    const anomaly = isTold ? undefined : await findAnomaly(settled, context);
    if (anomaly && isDelivering) untold.push(anomaly);
    if (isTold || anomaly) settled.isAnomalyDelivered = isTold || isDelivering;
    await writer.add(settled);
    return settled;
  };
  const isWaiting = (row: LedgerRow) => isDelivering && row.isAnomalyDelivered === false;

  const day = listLedger(snapshotDate, context);
  const pairs = pairLedgers(day, listLedger(dateBefore, context));
  const visit = async ({ row, before }: LedgerPair) => {
    if (before?.cost && isWaiting(before)) await settle(before, before.cost);
    if (row?.cost) onRow(isWaiting(row) ? await settle(row, row.cost) : row);
    else if (row) {
      const known = before && isWhole(before) ? costStateOf(before) : undefined;
      // Who is missing in the ledger before may have been there earlier, but for the first night.
      const isFirst = datesBefore.length === 0;
      const state = known ?? (isFirst ? initialCostState : await foldHistory(row, context));
      onRow(await settle(row, recordCost(state, row)));
    }
  };
  await runEach([() => forEachBounded(pairs, settings.concurrency, visit), () => writer.flush()]);
  for (const anomaly of untold) reportAnomaly(anomaly, context);
}

/** Where a day failed, the customer's own rows may know more of it than the ledger. */
function isWhole({ outcome, figures }: LedgerRow): boolean {
  return outcome !== 'failed' || figures !== undefined;
}

/** The latest day before that has rows. */
async function findLedgerBefore(
  dates: readonly string[],
  context: SnapshotContext,
): Promise<string | undefined> {
  for (const date of dates) {
    for await (const _ of listLedger(date, context)) return date;
  }
  return undefined;
}

async function* listLedger(
  date: string | undefined,
  { stores, events }: SnapshotContext,
): AsyncGenerator<LedgerRow> {
  if (date === undefined) return;
  yield* stores.usageByDay.listDay(date, { onUnreadable: tellOf(events) });
}

/** What the customer's own rows have to say to a day's cost. */
async function foldHistory(
  { customerId, snapshotDate }: LedgerRow,
  { stores, events }: SnapshotContext,
): Promise<CostState> {
  const range = { from: addDays(snapshotDate, -daysFolded), to: addDays(snapshotDate, -1) };
  const options = { onUnreadable: tellOf(events) };
  let state = initialCostState;
  for await (const each of stores.usageByCustomer.listHistory(customerId, range, options)) {
    state = advanceDailyCost(state, each).state;
  }
  return state;
}
