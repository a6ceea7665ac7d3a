/** Who is met by a fault: a part of all customers (0 to 1), or those of these ids. */
export type Whom = { rate: number } | { ids: readonly string[] };

/**
 * Failures, each on when it is given. Rates are parts of the requests, 0 to 1. A request id is met
 * at most three times by `serverError`, `reset`, `stall` and `truncate` together, so that trying
 * again succeeds in the end.
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
  /** An access token is good for so many requests, and answers 401 from then on. */
  expireToken?: { afterRequests: number };
  /** Everything of these customers answers 500. */
  customerFails?: Whom;
  /** Everything of these customers answers 403 (code 20002), of every second one 404. */
  customerRefused?: Whom;
  /** The token endpoint answers 503, `temporarily_unavailable` or AADSTS90033; never thrice on end. */
  signInTrouble?: { rate: number };
}

export type FaultName = keyof Faults;

const presets: Required<Faults> = {
  throttle: { perMinute: 500 },
  serverError: { rate: 0.03 },
  reset: { rate: 0.01 },
  stall: { rate: 0.002 },
  truncate: { rate: 0.01 },
  slow: { rate: 0.05, delayMs: 2000 },
  expireToken: { afterRequests: 200 },
  customerFails: { rate: 0.02 },
  customerRefused: { rate: 0.02 },
  signInTrouble: { rate: 0.3 },
};

/** The names that {@link parseFaults} knows. */
export const faultNames: readonly string[] = Object.keys(presets);

/**
 * Turns a list of names (`throttle,serverError`) into faults of a common strength; blanks and an
 * empty list are fine.
 *
 * @throws RangeError naming the word that is no fault, and those that are
 */
export function parseFaults(list: string): Faults {
  const faults: Faults = {};
  for (const word of list.split(',').map((part) => part.trim())) {
    if (word === '') continue;
    if (!isFaultName(word)) {
      throw new RangeError(`unknown fault "${word}"; known are ${faultNames.join(', ')}`);
    }
    Object.assign(faults, { [word]: presets[word] });
  }
  return faults;
}

function isFaultName(word: string): word is FaultName {
  return Object.hasOwn(presets, word);
}
