import type { Outcome } from '../../src/usage/usageSnapshot.ts';

/** Customers that a list kept silent about for a while. */
export interface HiddenCustomers {
  fromMs: number;
  toMs: number;
  /** Ids that the customer list left out, without a word. */
  fromList: ReadonlySet<string>;
  /** Ids that the usage records left out, without a word. */
  fromRecords: ReadonlySet<string>;
}

/** What the API said on a day that no client could tell from the truth. */
export class Excuses {
  readonly hidden: HiddenCustomers[] = [];
  readonly #outcomes = new Map<string, Set<Outcome>>();
  readonly #unopposed = new Set<string>();

  /** On that day the API said so of the customer or subscription, for a while at least. */
  allow(date: string, id: string, outcome: Outcome): void {
    const key = `${date} ${id}`;
    const outcomes = this.#outcomes.get(key) ?? new Set();
    this.#outcomes.set(key, outcomes.add(outcome));
  }

  /** On that day no list spoke against a false "no usage". */
  leaveUnopposed(date: string, id: string): void {
    this.#unopposed.add(`${date} ${id}`);
  }

  isUnopposed(date: string, id: string): boolean {
    return this.#unopposed.has(`${date} ${id}`);
  }

  isAllowed(date: string, id: string, outcome: Outcome): boolean {
    return this.#outcomes.get(`${date} ${id}`)?.has(outcome) ?? false;
  }
}
