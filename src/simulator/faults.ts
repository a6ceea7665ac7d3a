import { parseNames } from './nameList.ts';

/**
 * The customers that a fault applies to: a part of all (0 to 1), one of so many in the order of
 * their indexes, or those with these ids.
 */
export type CustomerSelection = { rate: number } | { oneIn: number } | { ids: readonly string[] };

/**
 * Failures, each active when it is present. Rates are parts of the requests, 0 to 1. `serverError`,
 * `reset`, `stall` and `truncate` together strike a request id at most three times, so that retries
 * succeed in the end.
 */
export interface Faults {
  /**
   * 429 with `Retry-After` beyond so many requests in a minute of the clock: `perMinute` for pages
   * of the customer list, and as many for the subscriptions lists; `hiddenPerMinute` for all calls.
   */
  throttle?: { perMinute?: number; hiddenPerMinute?: number };
  /** 500, 502, 503 or 504, as JSON, text, HTML or nothing. */
  serverError?: { rate: number };
  /** The connection is reset instead of an answer. */
  reset?: { rate: number };
  /** No answer until the client gives up. */
  stall?: { rate: number };
  /** Half a body: the connection ends early, or the JSON does. */
  truncate?: { rate: number };
  slow?: { rate: number; delayMs: number };
  /** An access token is accepted for so many requests, and answered 401 after that. */
  expireToken?: { afterRequests: number };
  /** All requests about these customers are answered 500. */
  customerFails?: CustomerSelection;
  /** All requests about these customers are answered 403 (code 20002), of every second one 404. */
  customerRefused?: CustomerSelection;
  /**
   * The token endpoint answers 503, `temporarily_unavailable` or AADSTS90033; at most twice in a
   * row.
   */
  signInTrouble?: { rate: number };
}

export type FaultName = keyof Faults;

/** The faults by name, each strong enough to occur in a night of 40 customers. */
export const namedFaults = {
  throttle: {
    preset: { throttle: { perMinute: 30, hiddenPerMinute: 100 } },
    words: '429 beyond 30 requests a minute to a limited list, or 100 in all',
  },
  serverError: {
    preset: { serverError: { rate: 0.03 } },
    words: '500, 502, 503 or 504 for 3 % of the requests, in several shapes',
  },
  reset: {
    preset: { reset: { rate: 0.03 } },
    words: '3 % of the connections are reset before the answer',
  },
  stall: {
    preset: { stall: { rate: 0.03 } },
    words: '3 % of the requests are never answered',
  },
  truncate: {
    preset: { truncate: { rate: 0.03 } },
    words: '3 % of the answers end in the middle of the body',
  },
  slow: {
    preset: { slow: { rate: 0.05, delayMs: 2000 } },
    words: '5 % of the answers take 2 seconds longer',
  },
  expireToken: {
    preset: { expireToken: { afterRequests: 100 } },
    words: '401 once an access token has served 100 requests',
  },
  customerFails: {
    preset: { customerFails: { oneIn: 19 } },
    words: '500 for everything of every 19th customer',
  },
  customerRefused: {
    preset: { customerRefused: { oneIn: 19 } },
    words: '403 or 404 for everything of every 19th customer',
  },
  signInTrouble: {
    preset: { signInTrouble: { rate: 1 } },
    words: 'two of three token requests fail for want of a working sign-in host',
  },
} as const satisfies { [Name in FaultName]: { preset: Pick<Faults, Name>; words: string } };

/** The names that {@link parseFaults} knows. */
export const faultNames: readonly string[] = Object.keys(namedFaults);

/**
 * Turns a list of names (`throttle,serverError`) into faults with their presets; blanks and an
 * empty list are accepted.
 *
 * @throws RangeError naming the unknown word and the known faults
 */
export function parseFaults(list: string): Faults {
  return parseNames<Faults>('fault', namedFaults, list);
}
