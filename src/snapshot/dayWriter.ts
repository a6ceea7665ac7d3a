import type { Clock } from '../clock.ts';
import { RowsRefusedError } from '../errors.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import type { Failure } from '../usage/usageSnapshot.ts';
import type { UsageByDayStore } from './snapshotStores.ts';

/** As many rows as a table transaction takes. */
const rowsPerFlush = 100;
const flushIntervalMs = 2_000;
/** So many rows that could not be written mean that the table is out of reach. */
const maxPendingRows = 1_000;

/**
 * Called where the table refuses a row for what it holds.
 *
 * @returns what is written in its place, if anything
 */
export type OnRefused = (refusal: Failure) => Promise<LedgerRow | undefined>;

interface PendingRow {
  row: LedgerRow;
  onRefused?: OnRefused | undefined;
}

/**
 * Gathers rows of `UsageByDay` and writes them every 100 rows or 2 seconds. Rows that could not be
 * written stay and are tried again with the next flush; a row that the table refuses for what it
 * holds does not.
 */
export class DayWriter {
  readonly #store: Pick<UsageByDayStore, 'upsertDay'>;
  readonly #clock: Clock;
  readonly #isEnding: () => boolean;
  #pending: PendingRow[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #timer: AbortController | undefined;

  /** @param isEnding whether the run has so little time left that rows are written at once */
  constructor(
    store: Pick<UsageByDayStore, 'upsertDay'>,
    clock: Clock,
    isEnding: () => boolean = () => false,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#isEnding = isEnding;
  }

  /**
   * Takes a row; waits while a full flush is written.
   *
   * @throws what the table threw, once more rows are waiting than a passing fault explains
   */
  async add(row: LedgerRow, onRefused?: OnRefused): Promise<void> {
    this.#pending.push({ row, onRefused });
    if (this.#pending.length >= rowsPerFlush || this.#isEnding()) {
      await this.flush().catch((error: unknown) => {
        if (this.#pending.length >= maxPendingRows) throw error;
      });
    } else {
      this.#startTimer();
    }
  }

  /** Writes all rows taken so far. */
  flush(): Promise<void> {
    this.#timer?.abort();
    this.#timer = undefined;
    const flushed = this.#flushing.then(() => this.#write());
    this.#flushing = flushed.catch(() => {});
    return flushed;
  }

  async #write(): Promise<void> {
    const rows = this.#pending;
    if (rows.length === 0) return;
    this.#pending = [];
    try {
      await this.#store.upsertDay(rows.map(({ row }) => row));
    } catch (error) {
      if (error instanceof RowsRefusedError) {
        const instead = await replaceRefused(rows, error);
        // A replacement has no replacement of its own.
        this.#pending = [...instead.map((row) => ({ row })), ...this.#pending];
        return this.#write();
      }
      this.#pending = [...rows, ...this.#pending];
      throw error;
    }
  }

  #startTimer(): void {
    if (this.#timer) return;
    const timer = new AbortController();
    this.#timer = timer;
    this.#clock
      .sleep(flushIntervalMs, timer.signal)
      .then(() => this.flush())
      .catch(() => {
        // Given up for an earlier flush, or the write failed: its rows wait for the next one.
      });
  }
}

async function replaceRefused(
  rows: readonly PendingRow[],
  { rows: refusals }: RowsRefusedError,
): Promise<LedgerRow[]> {
  const instead: LedgerRow[] = [];
  for (const { index, ...refusal } of refusals) {
    const row = await rows[index]?.onRefused?.({ phase: 'store', ...refusal });
    if (row) instead.push(row);
  }
  return instead;
}
