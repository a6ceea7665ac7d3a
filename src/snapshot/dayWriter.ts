import type { Clock } from '../clock.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import type { UsageByDayStore } from './stores.ts';

/** As many rows as a table transaction takes. */
const rowsPerFlush = 100;
const flushIntervalMs = 2_000;
/** So many rows that could not be written mean that the table is out of reach. */
const mostPendingRows = 1_000;

/**
 * Gathers rows of `UsageByDay` and writes them every 100 rows or 2 seconds. Rows that could not be
 * written stay and are tried again with the next flush.
 */
export class DayWriter {
  readonly #store: Pick<UsageByDayStore, 'upsertDay'>;
  readonly #clock: Clock;
  #pending: LedgerRow[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #timer: AbortController | undefined;

  constructor(store: Pick<UsageByDayStore, 'upsertDay'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Takes a row; waits while a full flush is written.
   *
   * @throws what the table threw, once more rows are waiting than a passing fault explains
   */
  async add(row: LedgerRow): Promise<void> {
    this.#pending.push(row);
    if (this.#pending.length >= rowsPerFlush) {
      await this.flush().catch((error: unknown) => {
        if (this.#pending.length >= mostPendingRows) throw error;
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
      await this.#store.upsertDay(rows);
    } catch (error) {
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
