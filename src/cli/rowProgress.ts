import type { Clock } from '../clock.ts';
import { printProgress } from './terminal.ts';

const lineIntervalMs = 5_000;

/** Counts rows by what they are, and says on stderr every 5 seconds how many there are so far. */
export class RowProgress {
  /** Those that were none are 0. */
  readonly counts: Record<string, number>;
  readonly #clock: Clock;
  #nextMs: number;

  constructor(names: readonly string[], clock: Clock) {
    this.counts = Object.fromEntries(names.map((name) => [name, 0]));
    this.#clock = clock;
    this.#nextMs = clock.now() + lineIntervalMs;
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  readonly add = (name: string, rows: number): void => {
    this.counts[name] = (this.counts[name] ?? 0) + rows;
    if (this.#clock.now() < this.#nextMs) return;
    this.#nextMs = this.#clock.now() + lineIntervalMs;
    printProgress(`${this.total} rows so far`);
  };
}
