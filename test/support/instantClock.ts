import type { Clock } from '../../src/clock.ts';

export interface InstantClock extends Clock {
  advance(ms: number): void;
  /** Every wait so far, in milliseconds. */
  readonly sleeps: number[];
}

/** Time that passes only by sleeping, at once, and by `advance`. */
export function createInstantClock(startMs = Date.UTC(2026, 0, 15, 2, 30)): InstantClock {
  let nowMs = startMs;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    advance: (ms) => {
      nowMs += ms;
    },
    async sleep(delayMs, signal) {
      signal?.throwIfAborted();
      sleeps.push(delayMs);
      nowMs += delayMs;
      await Promise.resolve();
    },
  };
}
