import type { Clock } from '../clock.ts';
import { printProgress } from './terminal.ts';

const lineIntervalMs = 5_000;

/** Counts rows, or what else there is, by name, and prints the number so far on stderr every 5 seconds. */
export class RowProgress {
  /** 0 for names without rows. */
  readonly counts: Record<string, number>;
  readonly #clock: Clock;
  readonly #what: string;
  #nextMs: number;

  constructor(names: readonly string[], clock: Clock, what = 'rows') {
    this.counts = Object.fromEntries(names.map((name) => [name, 0]));
    this.#clock = clock;
    this.#what = what;
    this.#nextMs = clock.now() + lineIntervalMs;
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  readonly add = (name: string, rows: number): void => {
    this.counts[name] = (this.counts[name] ?? 0) + rows;
    if (this.#clock.now() < this.#nextMs) return;
    this.#nextMs = this.#clock.now() + lineIntervalMs;
    printProgress(`${this.total} ${this.#what} so far`);
  };
}
