import type { CustomerSnapshot, Failure } from '../usage/usageSnapshot.ts';
import type { UsageByDayStore } from './snapshotStores.ts';

/** A day before the run's with a run of all customers. */
export interface RecordedDate {
  date: string;
  /** Whether more than half of the listed customers were served. */
  isMajorityServed: boolean;
}

/** A failure or refusal of so many recorded days running lasts, the run's own day included. */
const daysToLast = 3;

/** What the ledgers of the recorded days before a run's say of single customers. */
export class EarlierDays {
  /** The latest last. */
  readonly #dates: readonly RecordedDate[];
  readonly #store: Pick<UsageByDayStore, 'getDay'>;

  constructor(dates: readonly RecordedDate[], store: Pick<UsageByDayStore, 'getDay'>) {
    this.#dates = dates;
    this.#store = store;
  }

  /** A customer's row of the last recorded day; undefined also where it cannot be read. */
  async getLast(customerId: string): Promise<CustomerSnapshot | undefined> {
    const last = this.#dates.at(-1);
    // Where the row cannot be read the run goes on and reports the failure as new.
    return last && (await this.#get(last, customerId));
  }

  /**
   * Whether a customer was refused in the same way on the two recorded days before, while most
   * others were served: then the refusal concerns this customer alone.
   */
  async isLastingRefusal(customerId: string, refusal: Failure): Promise<boolean> {
    const before = this.#dates.slice(1 - daysToLast);
    if (before.length < daysToLast - 1 || before.some((day) => !day.isMajorityServed)) return false;
    for (const day of before) {
      const row = await this.#get(day, customerId);
      if (!row?.failure || !isSameAnswer(row.failure, refusal)) return false;
    }
    return true;
  }

  /**
   * On how many recorded days running a customer that failed today has failed, today included.
   *
   * @param limit counting ends there
   */
  async countFailedDays(customerId: string, limit: number): Promise<number> {
    let days = 1;
    for (const day of this.#dates.toReversed()) {
      if (days >= limit || (await this.#get(day, customerId))?.outcome !== 'failed') break;
      days++;
    }
    return days;
  }

  async #get({ date }: RecordedDate, customerId: string): Promise<CustomerSnapshot | undefined> {
    try {
      return await this.#store.getDay(date, customerId);
    } catch {
      return undefined;
    }
  }
}

/** Whether the API has given the same answer twice. */
export function isSameAnswer(one: Failure, other: Failure): boolean {
  return one.phase === other.phase && one.status === other.status && one.code === other.code;
}

/** How long a failure lasts before it is the customer's normal state. */
export const daysToFail = daysToLast;
