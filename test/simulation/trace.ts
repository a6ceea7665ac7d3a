import { createHash } from 'node:crypto';

/** A promise that was broken. */
export interface Violation {
  seed: number;
  /** The promise. */
  invariant: string;
  facts: string;
}

/** As many as are kept of one night: the first tell the most. */
const maxViolations = 25;

/** What happened in a night: violations, counts, and a digest of every step. */
export class Trace {
  readonly seed: number;
  readonly violations: Violation[] = [];
  readonly counts: Record<string, number> = {};
  readonly #hash = createHash('sha256');
  readonly #onStep: ((line: string) => void) | undefined;

  constructor(seed: number, onStep?: (line: string) => void) {
    this.seed = seed;
    this.#onStep = onStep;
  }

  /** One step; the same seed gives the same steps in the same order. */
  step(atMs: number, ...parts: (string | number | undefined)[]): void {
    const line = `${new Date(atMs).toISOString()} ${parts.join(' ')}`;
    this.#hash.update(line);
    this.#onStep?.(line);
  }

  report(invariant: string, facts: string): void {
    this.count('violations');
    this.count(`violations.${invariant}`);
    this.#onStep?.(`VIOLATION ${invariant}: ${facts}`);
    if (this.violations.length >= maxViolations) return;
    this.violations.push({ seed: this.seed, invariant, facts });
  }

  count(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  /** Of all steps so far. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
