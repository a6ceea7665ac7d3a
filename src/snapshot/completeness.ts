import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { CustomerSnapshot } from '../usage/usageSnapshot.ts';

/** Ledger rows of a date, for the listed customers alone. */
export type LedgerCounts = Pick<
  SnapshotRun,
  'customersWithUsage' | 'customersWithoutUsage' | 'customersRefused' | 'customersFailed'
> & {
  /** Listed customers that have no row. */
  customersRemaining: number;
};

/** Counts a day's rows, as they pass by, against the set of listed customers. */
export class LedgerCounter {
  readonly #listed: ReadonlySet<string>;
  readonly #counts = { usage: 0, noUsage: 0, refused: 0, failed: 0 };

  constructor(listed: ReadonlySet<string>) {
    this.#listed = listed;
  }

  add({ customerId, outcome }: Pick<CustomerSnapshot, 'customerId' | 'outcome'>): void {
    if (this.#listed.has(customerId)) this.#counts[outcome]++;
  }

  get counts(): LedgerCounts {
    const { usage, noUsage, refused, failed } = this.#counts;
    return {
      customersWithUsage: usage,
      customersWithoutUsage: noUsage,
      customersRefused: refused,
      customersFailed: failed,
      customersRemaining: this.#listed.size - usage - noUsage - refused - failed,
    };
  }
}

/** A list so much shorter than the last complete run's is taken for a fault of the API. */
const fewestMissingToDoubt = 20;

/**
 * Why a customer list is not believed: it is empty, or 20 or more customers and over half of those
 * of the last complete run are missing.
 */
export function doubtOfList(
  customersListed: number,
  customersListedBefore: number | undefined,
): string | undefined {
  if (customersListed === 0) return 'the customer list is empty';
  const before = customersListedBefore ?? 0;
  const isShort = before - customersListed >= fewestMissingToDoubt && customersListed < before / 2;
  return isShort
    ? `the customer list names ${customersListed} customers, the last complete run had ${before}`
    : undefined;
}

/**
 * Whether refusals are too many to be those customers' own: more than 5 and more than 10 % of the
 * listed ones. Then a role was lost, or the API is out of order.
 */
export function isMassRefusal(refused: number, listed: number): boolean {
  return refused > Math.max(5, listed / 10);
}
