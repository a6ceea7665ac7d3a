import { messageOf } from '../errors.ts';
import { advanceDailyCost, type CostState, initialCostState } from '../usage/dailyCost.ts';
import { addDays } from '../usage/date.ts';
import { daysBehindOutlook } from '../usage/knownSpend.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import { costStateOf, type RecordedCost, recordCost } from '../usage/recordedCost.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { AnomalyTeller } from './anomalyTeller.ts';
import { CurrencyTotals } from './currencyTotals.ts';
import { DayWriter } from './dayWriter.ts';
import { forEachBounded, runEach } from './fanOut.ts';
import { type LedgerPair, pairLedgers } from './ledgerPairs.ts';
import { RunStoppedError } from './runEnd.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { tellOf } from './unreadableRow.ts';
import { findAnomaly } from './usageAnomaly.ts';

/** An earlier day with runs. */
export interface EarlierDay {
  date: string;
  /** Whether one of them was a timer's, which tells anomalies. */
  hasTimer: boolean;
}

export interface SettlementOptions {
  /** The latest first. */
  daysBefore: readonly EarlierDay[];
  /** Takes each row of the day, its cost with it where that is known. */
  onRow: (row: LedgerRow) => void;
  /** Whether the process is to end, so that nothing more may be begun. */
  isTerminated: () => boolean;
}

/** So many customers in a row whose rows could not be read mean that nobody's can be. */
const mostFailuresInARow = 20;

/**
 * Brings a day's ledger to its end: each row that has none gets its daily cost, by the ledger of
 * the day before, and is looked at for an anomaly. Rows of the day before that no run came to do
 * this for are made up for, with that day's totals. What was settled before is left as it is.
 *
 * A customer whose own rows cannot be read stays as it is, for the next run, and costs nobody else
 * anything.
 *
 * @returns how many customers these are, and why; undefined where there are none
 * @throws RunStoppedError when the process is to end; what the tables threw for everybody
 */
export async function settleLedger(
  run: SnapshotRun,
  context: SnapshotContext,
  options: SettlementOptions,
): Promise<string | undefined> {
  return await new Settlement(run, context, options).run();
}

class Settlement {
  readonly #run: SnapshotRun;
  readonly #context: SnapshotContext;
  readonly #options: SettlementOptions;
  readonly #writer: DayWriter;
  readonly #teller: AnomalyTeller;
  readonly #totalsBefore = new CurrencyTotals();
  #isDayBeforeChanged = false;
  #isLedgerBeforeLatest = false;
  #failures = 0;
  #failuresInARow = 0;
  #firstFailure = '';

  constructor(run: SnapshotRun, context: SnapshotContext, options: SettlementOptions) {
    this.#run = run;
    this.#context = context;
    this.#options = options;
    this.#writer = new DayWriter(context.stores.usageByDay, context.clock);
    this.#teller = new AnomalyTeller(context);
  }

  async run(): Promise<string | undefined> {
    const { daysBefore } = this.#options;
    const dateBefore = await this.#findLedgerBefore();
    this.#isLedgerBeforeLatest = dateBefore === daysBefore[0]?.date;
    const pairs = pairLedgers(this.#list(this.#run.snapshotDate), this.#list(dateBefore));
    const bound = this.#context.settings.concurrency;
    await runEach([
      () => this.#tellEarlier(dateBefore),
      () => forEachBounded(pairs, bound, (pair) => this.#visit(pair)),
      () => this.#writer.flush(),
      () => this.#teller.flush(),
    ]);
    if (dateBefore !== undefined && this.#isDayBeforeChanged) await this.#writeTotals(dateBefore);
    return this.#failures === 0
      ? undefined
      : `the daily cost of ${this.#failures} customers is left to the next run: ${this.#firstFailure}`;
  }

  get #isDelivering(): boolean {
    return this.#run.trigger !== 'cli';
  }

  /** The latest day before that has rows. */
  async #findLedgerBefore(): Promise<string | undefined> {
    for (const { date } of this.#options.daysBefore) {
      for await (const _ of this.#list(date)) return date;
    }
    return undefined;
  }

  async *#list(date: string | undefined): AsyncGenerator<LedgerRow> {
    if (date === undefined) return;
    const { stores, events } = this.#context;
    yield* stores.usageByDay.listDay(date, { onUnreadable: tellOf(events) });
  }

  /** Anomalies of days since the last timer's run, which only runs of the command line saw. */
  async #tellEarlier(dateBefore: string | undefined): Promise<void> {
    for (const { date, hasTimer } of this.#isDelivering ? this.#options.daysBefore : []) {
      if (date !== dateBefore) {
        for await (const row of this.#list(date)) {
          if (row.cost && row.isAnomalyDelivered === false) await this.#settle(row, undefined);
        }
      }
      if (hasTimer) return;
    }
  }

  async #visit({ row, before }: LedgerPair): Promise<void> {
    if (this.#options.isTerminated()) throw new RunStoppedError('the process was to end');
    const settledBefore = before && (await this.#settleBefore(before));
    if (!row) return;
    // An older ledger does not know of rows that a run wrote before it ended without a ledger.
    const known = this.#isLedgerBeforeLatest ? settledBefore : undefined;
    this.#options.onRow(await this.#settle(row, known));
  }

  async #settleBefore(before: LedgerRow): Promise<LedgerRow> {
    const settled = await this.#settle(before, undefined);
    if (!before.cost && settled.cost) this.#isDayBeforeChanged = true;
    this.#totalsBefore.add(settled);
    return settled;
  }

  /** The row with its cost and what came of an anomaly; as it was where that cannot be told. */
  async #settle(row: LedgerRow, before: LedgerRow | undefined): Promise<LedgerRow> {
    const isWaiting = this.#isDelivering && row.isAnomalyDelivered === false;
    if (row.cost && !isWaiting) return row;
    const { isAnomalyDelivered: isTold, ...rest } = row;
    let settled: LedgerRow;
    let anomaly: Awaited<ReturnType<typeof findAnomaly>>;
    try {
      settled = { ...rest, cost: row.cost ?? (await this.#costOf(row, before)) };
      anomaly = isTold ? undefined : await findAnomaly(settled, this.#context);
      this.#failuresInARow = 0;
    } catch (error) {
      this.#countFailure(error);
      return row;
    }
    if (anomaly && this.#isDelivering) {
      await this.#teller.add({ ...anomaly, row: { ...settled, isAnomalyDelivered: true } });
    } else {
      await this.#writer.add({
        ...settled,
        ...((anomaly || isTold) && { isAnomalyDelivered: isTold ?? false }),
      });
    }
    return settled;
  }

  async #costOf(row: LedgerRow, before: LedgerRow | undefined): Promise<RecordedCost> {
    const known = before && isWhole(before) ? costStateOf(before) : undefined;
    const state = known ?? (await this.#foldHistory(row));
    const { snapshotDate, outcome } = row;
    return recordCost(state, isWhole(row) ? row : { snapshotDate, outcome });
  }

  /** What the customer's own rows have to say to a day's cost. */
  async #foldHistory({ customerId, snapshotDate }: LedgerRow): Promise<CostState> {
    const { stores, events } = this.#context;
    const from = addDays(snapshotDate, -daysBehindOutlook);
    const range = { from, to: addDays(snapshotDate, -1) };
    const options = { onUnreadable: tellOf(events) };
    let state = initialCostState;
    for await (const each of stores.usageByCustomer.listHistory(customerId, range, options)) {
      state = advanceDailyCost(state, each).state;
    }
    return state;
  }

  #countFailure(error: unknown): void {
    this.#failures++;
    this.#failuresInARow++;
    this.#firstFailure ||= messageOf(error);
    if (this.#failuresInARow >= mostFailuresInARow) throw error;
  }

  async #writeTotals(snapshotDate: string): Promise<void> {
    const { stores, clock } = this.#context;
    const range = { from: snapshotDate, to: snapshotDate };
    for await (const { currency } of stores.usageByCustomer.listTotals(range)) {
      this.#totalsBefore.include(currency);
    }
    const capturedAt = new Date(clock.now()).toISOString();
    const base = { snapshotDate, runId: this.#run.runId, capturedAt };
    await stores.usageByCustomer.upsertTotals(this.#totalsBefore.totals(base));
  }
}

/**
 * Whether the customer's own rows say the same. Where a day failed they may know more of it, and
 * where they could not be written less: they are what counts.
 */
function isWhole({ outcome, figures, failure }: LedgerRow): boolean {
  return outcome !== 'failed' || (figures !== undefined && failure?.phase !== 'store');
}
