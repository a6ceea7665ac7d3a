import type { Faults } from './faults.ts';
import type { RouteKind } from './route.ts';

const windowMs = 60_000;

/** Counts requests in fixed windows of a minute. */
export interface Throttle {
  /** Seconds of the `Retry-After` for a throttled request; `undefined` where it may pass. */
  admit(kind: RouteKind, limits: Faults['throttle'], nowMs: number): number | undefined;
}

export function createThrottle(): Throttle {
  let window = Number.NaN;
  let all = 0;
  let byRoute = new Map<RouteKind, number>();
  return {
    admit(kind, limits, nowMs) {
      const current = Math.floor(nowMs / windowMs);
      if (current !== window) {
        window = current;
        all = 0;
        byRoute = new Map();
      }
      // Throttled requests count as well: "all requests accrue against your usage limits".
      all += 1;
      const ofRoute = (byRoute.get(kind) ?? 0) + 1;
      byRoute.set(kind, ofRoute);
      const isLimited = kind === 'customers' || kind === 'subscriptions';
      const isOver =
        (isLimited && ofRoute > (limits?.perMinute ?? Number.POSITIVE_INFINITY)) ||
        all > (limits?.hiddenPerMinute ?? Number.POSITIVE_INFINITY);
      return isOver ? Math.max(1, Math.ceil(((current + 1) * windowMs - nowMs) / 1000)) : undefined;
    },
  };
}
