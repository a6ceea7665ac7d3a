import { type Clock, systemClock } from '../clock.ts';

/** The system's clock, shifted to an instant from which it goes on. */
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
