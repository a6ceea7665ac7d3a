import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { CustomerSnapshot } from '../usage/usageSnapshot.ts';

/** Ledger rows of a date, for the listed customers alone. */
export type LedgerCounts = Pick<
  SnapshotRun,
  | 'customersWithUsage'
  | 'customersWithoutUsage'
  | 'customersRefused'
  | 'customersFailed'
  | 'customersFailing'
> & {
  /** Listed customers that have no row. */
  customersRemaining: number;
};

/** Counts a day's rows, as they pass by, against the set of listed customers. */
export class LedgerCounter {
  readonly #listed: ReadonlySet<string>;
  readonly #failing: ReadonlySet<string>;
  #customersFailing = 0;
  readonly #counts = { usage: 0, noUsage: 0, refused: 0, failed: 0 };

  /** @param failing whom the run has seen fail for the third recorded day or more */
  constructor(listed: ReadonlySet<string>, failing: ReadonlySet<string>) {
    this.#listed = listed;
    this.#failing = failing;
  }

  add({ customerId, outcome }: Pick<CustomerSnapshot, 'customerId' | 'outcome'>): void {
    if (!this.#listed.has(customerId)) return;
    this.#counts[outcome]++;
    if (outcome === 'failed' && this.#failing.has(customerId)) this.#customersFailing++;
  }

  get counts(): LedgerCounts {
    const { usage, noUsage, refused, failed } = this.#counts;
    return {
      customersWithUsage: usage,
      customersWithoutUsage: noUsage,
      customersRefused: refused,
      customersFailed: failed,
      ...(isFewFailing(this.#customersFailing, this.#listed.size) && {
        customersFailing: this.#customersFailing,
      }),
      customersRemaining: this.#listed.size - usage - noUsage - refused - failed,
    };
  }
}

/**
 * Whether refusals are too many to be those customers' own: more than 5 and more than 10 % of the
 * listed ones. Then a role was lost, or the API is out of order.
 */
export function isMassRefusal(refused: number, listed: number): boolean {
  return refused > Math.max(5, listed / 10);
}

/**
 * So many customers that fail for good are these customers' own trouble: 5, or 2 % of the list.
 * More of them are an outage.
 */
export function isFewFailing(failing: number, listed: number): boolean {
  return failing <= Math.max(5, listed / 50);
}
