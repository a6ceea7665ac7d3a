import { type Clock, systemClock } from '../clock.ts';

/** The system's clock, set to an instant and going on from there until it is set to another. */
export interface TravellingClock extends Clock {
  /** @param epochMs milliseconds since the epoch */
  goTo(epochMs: number): void;
}

export function createTravellingClock(startMs: number): TravellingClock {
  let offsetMs = startMs - systemClock.now();
  return {
    now: () => systemClock.now() + offsetMs,
    monotonicMs: systemClock.monotonicMs,
    sleep: systemClock.sleep,
    goTo(epochMs) {
      offsetMs = epochMs - systemClock.now();
    },
  };
}
