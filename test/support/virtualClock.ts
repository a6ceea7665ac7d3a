import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';

interface Sleeper {
  wakeAtMs: number;
  order: number;
  wake: () => void;
}

/** Turns of the event loop that real work may take while the clock is held. */
const maxTurns = 10_000;

/** A clock that stands still until it is turned, or until everybody who runs is waiting for it. */
export class VirtualClock implements Clock {
  readonly #startMs: number;
  #nowMs: number;
  #order = 0;
  readonly #sleepers = new Set<Sleeper>();
  #holds = 0;

  constructor(start: string | number = '2026-03-10T02:30:00Z') {
    this.#startMs = new Date(start).getTime();
    this.#nowMs = this.#startMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly monotonicMs = (): number => this.#nowMs - this.#startMs;

  readonly sleep = (delayMs: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        wakeAtMs: this.#nowMs + Math.max(0, Math.ceil(delayMs)),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.add(sleeper);
    });
  };

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Stands still, whoever sleeps, until the function it returns is called: real work goes on. */
  hold(): () => void {
    this.#holds++;
    let isHeld = true;
    return () => {
      if (isHeld) this.#holds--;
      isHeld = false;
    };
  }

  /** Turns the clock by so much, waking whoever is due on the way, in order. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await this.#runPending();
    for (let next = this.#next(); next && next.wakeAtMs <= untilMs; next = this.#next()) {
      this.#wake(next);
      await this.#runPending();
    }
    this.#nowMs = untilMs;
  }

  /** Turns the clock from one sleeper to the next until `work` has ended. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = work.finally(() => {
      isSettled = true;
    });
    settled.catch(() => {});
    for (;;) {
      await this.#runPending();
      if (isSettled) return settled;
      const next = this.#next();
      if (next) this.#wake(next);
    }
  }

  /** Lets everything go on that needs no more than the event loop. */
  async #runPending(): Promise<void> {
    await macrotask();
    for (let turns = 0; this.#holds > 0; turns++) {
      if (turns === maxTurns) throw new Error('virtual time was held and not let go');
      await macrotask();
    }
  }

  #next(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (
        !first ||
        sleeper.wakeAtMs < first.wakeAtMs ||
        (sleeper.wakeAtMs === first.wakeAtMs && sleeper.order < first.order)
      ) {
        first = sleeper;
      }
    }
    return first;
  }

  #wake(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper);
    this.#nowMs = Math.max(this.#nowMs, sleeper.wakeAtMs);
    sleeper.wake();
  }
}
