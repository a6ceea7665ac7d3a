import { type Clock, systemClock } from '../../src/clock.ts';

/**
 * The scale of a faster clock; processes with the same scale share one time.
 *
 * Everything that uses such a clock runs by its minutes: gate, retry, deadline and lease of the
 * product, windows and tokens of the simulator. Processor, sockets and timers are not faster: by
 * the clock they are `factor` times as slow and as late. So the product is measured with slower
 * answers and later timers than in real time, and a target that it meets here it meets there as
 * well.
 */
export interface TimeScale {
  /** Seconds of the clock in a real one. */
  factor: number;
  /** What the clock shows, milliseconds since the epoch, … */
  startMs: number;
  /** … at this real instant. */
  realStartMs: number;
}

/** A scale that begins now. */
export function scaleFrom(startMs: number, factor: number): TimeScale {
  return { factor, startMs, realStartMs: realNowMs() };
}

export function createScaledClock({ factor, startMs, realStartMs }: TimeScale): Clock {
  const now = () => Math.floor(startMs + (realNowMs() - realStartMs) * factor);
  return {
    now,
    monotonicMs: () => (realNowMs() - realStartMs) * factor,
    async sleep(delayMs, signal) {
      const untilMs = now() + Math.max(0, delayMs);
      do {
        // Timers take whole milliseconds and cut off the rest: no wait may end before its time.
        await systemClock.sleep(Math.ceil(Math.max(0, untilMs - now()) / factor), signal);
      } while (now() < untilMs);
    },
  };
}

/** Finer than `Date.now`: a millisecond is long to a clock that runs fast. */
function realNowMs(): number {
  return performance.timeOrigin + performance.now();
}
