import { setTimeout as delay } from 'node:timers/promises';

/** The product's clock, passed in everywhere, so that tests and simulations control it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /**
   * Milliseconds from an arbitrary zero, for measuring durations: it cannot be set. Some systems do
   * not count the time for which the computer was suspended.
   */
  monotonicMs(): number;
  /** Resolves after `delayMs`; rejects with the signal's reason when aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** Node's timers take at most this long a delay and fire at once beyond it. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(delayMs, signal) {
    signal?.throwIfAborted();
    try {
      await delay(Math.min(delayMs, longestTimerMs), undefined, { signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
