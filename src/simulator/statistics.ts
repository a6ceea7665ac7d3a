import type { Disruption } from './exchange.ts';
import type { FaultName } from './faults.ts';
import type { RouteKind } from './route.ts';

/** One request and its result. */
export interface LoggedRequest {
  method: string;
  /** With query. */
  path: string;
  requestId?: string;
  correlationId?: string;
  status: number;
  disruption?: Disruption;
}

/** Counts since the start, or since they were last reset. */
export interface Statistics {
  /** API and sign-in together. */
  requests: number;
  byRoute: Partial<Record<RouteKind, number>>;
  tokenRequests: number;
  /** Requests begun and not ended; the caller of `handle` reports both. */
  inFlight: number;
  maxInFlight: number;
  /** Requests that have ended, answered or not. */
  ended: number;
  /** Sum of their durations, in milliseconds of the clock. */
  endedAfterMs: number;
  /** Answers 429. */
  throttled: number;
  /** API requests that came before the end of a pause that a 429 had asked for. */
  requestsBeforeRetryAfter: number;
  /** How often each fault struck. */
  faults: Partial<Record<FaultName, number>>;
  /** The most recent requests, oldest first. */
  log: LoggedRequest[];
}

export function createStatistics(): Statistics {
  return {
    requests: 0,
    byRoute: {},
    tokenRequests: 0,
    inFlight: 0,
    maxInFlight: 0,
    ended: 0,
    endedAfterMs: 0,
    throttled: 0,
    requestsBeforeRetryAfter: 0,
    faults: {},
    log: [],
  };
}

/** Counts a request in flight; the returned function counts its end. */
export function beginRequest(statistics: Statistics, now: () => number): () => void {
  const beganAtMs = now();
  statistics.inFlight += 1;
  statistics.maxInFlight = Math.max(statistics.maxInFlight, statistics.inFlight);
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    statistics.inFlight -= 1;
    statistics.ended += 1;
    statistics.endedAfterMs += now() - beganAtMs;
  };
}

/** Keeps at least the last `limit` requests; trimmed rarely, as each trim moves all entries. */
export function logRequest(statistics: Statistics, request: LoggedRequest, limit: number): void {
  if (limit <= 0) return;
  statistics.log.push(request);
  if (statistics.log.length >= 2 * limit) statistics.log.splice(0, statistics.log.length - limit);
}

export function count<K extends string>(counts: Partial<Record<K, number>>, name: K): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
