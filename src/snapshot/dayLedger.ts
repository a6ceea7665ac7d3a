import type { EventFields } from '../telemetry/eventLog.ts';
import type { Customer } from '../usage/customer.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import { present } from '../usage/present.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { customerOf, isDone, type Outcome } from '../usage/usageSnapshot.ts';
import { CustomerList } from './customerList.ts';
import type { EarlierRuns } from './earlierRuns.ts';
import { SubscriptionCounter } from './subscriptionCounter.ts';

/** The day's rows of the listed customers, counted. */
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

/** What an earlier run of the date has left of an anomaly. */
export type FoundAnomaly = Required<Pick<LedgerRow, 'isAnomalyDelivered'>> &
  Pick<LedgerRow, 'causes'>;

/**
 * The state of a day during a run: what its rows say, and what the run has found. It is all that
 * capturing, storing and finalizing share.
 */
export class DayLedger {
  readonly list = new CustomerList();
  readonly subscriptions: SubscriptionCounter;
  /** Customers that have failed on three recorded days running, with the fields of their event. */
  readonly failing = new Map<string, EventFields>();
  /** Absent until they have been read. */
  earlier: EarlierRuns | undefined;
  /** Why no more customers were taken. */
  stoppedBy: string | undefined;
  costMismatches = 0;
  /** Customers done before that could not be captured once more; their earlier rows are kept. */
  recapturesFailed = 0;
  /** Whether so many subscriptions were forbidden that a right must have been lost. */
  isRightLost = false;
  readonly #outcomes = new Map<string, Outcome>();
  /** Customers with an anomaly on the date, and whether it was delivered. */
  readonly #anomalies = new Map<string, FoundAnomaly>();
  readonly #undone: Customer[] = [];
  readonly #recaptured = new Set<string>();

  constructor(runId: string) {
    this.subscriptions = new SubscriptionCounter(runId);
  }

  /**
   * Takes a row that an earlier run of the date has left.
   *
   * @param isRecaptured whether the customer is captured once more, also if it is done
   */
  addRecorded(row: LedgerRow, isRecaptured: boolean): void {
    const { customerId: id, outcome, isAnomalyDelivered, causes } = row;
    this.#outcomes.set(id, outcome);
    if (!isDone(outcome)) this.#undone.push(customerOf(row));
    if (isAnomalyDelivered !== undefined) {
      this.#anomalies.set(id, present({ isAnomalyDelivered, causes }));
    }
    if (isRecaptured) this.#recaptured.add(id);
  }

  /** Takes what the day's row of a customer says from now on. */
  enter(customerId: string, outcome: Outcome): void {
    this.#outcomes.set(customerId, outcome);
  }

  /** Customers that have an outcome. */
  listEntered(): Iterable<string> {
    return this.#outcomes.keys();
  }

  /** Takes back the outcomes of customers that have no row in the table in the end. */
  forget(customerIds: Iterable<string>): void {
    for (const id of customerIds) this.#outcomes.delete(id);
  }

  outcomeOf(customerId: string): Outcome | undefined {
    return this.#outcomes.get(customerId);
  }

  /** Customers whose rows can have figures; first those that are captured once more, again later. */
  *listCaptured(): Generator<string> {
    for (const ids of [this.#recaptured, this.#outcomes.keys()]) {
      for (const id of ids) {
        const outcome = this.#outcomes.get(id);
        if (outcome === 'usage' || outcome === 'failed') yield id;
      }
    }
  }

  /** The date's anomaly; `undefined` where an earlier run has found none. */
  anomalyOf(customerId: string): FoundAnomaly | undefined {
    return this.#anomalies.get(customerId);
  }

  /** Whether the run leaves a customer out. */
  isSkipped(customerId: string, namesCost: boolean): boolean {
    const outcome = this.#outcomes.get(customerId);
    // An earlier "no usage" was checked against the usage records of its own run only.
    const isEnough = outcome === 'usage' || (outcome === 'noUsage' && !namesCost);
    return isEnough && !this.#recaptured.has(customerId);
  }

  /** Customers that had a row before the run, and were not done. */
  get undone(): readonly Customer[] {
    return this.#undone;
  }

  /** Whether more than half of so many customers were served. */
  isMajorityServed(customersListed: number): boolean {
    let served = 0;
    for (const outcome of this.#outcomes.values()) if (isDone(outcome)) served++;
    return served * 2 > customersListed;
  }

  get counts(): LedgerCounts {
    const counts = { usage: 0, noUsage: 0, refused: 0, failed: 0 };
    let customersFailing = 0;
    const listed = this.list.ids;
    for (const [customerId, outcome] of this.#outcomes) {
      if (!listed.has(customerId)) continue;
      counts[outcome]++;
      if (outcome === 'failed' && this.failing.has(customerId)) customersFailing++;
    }
    const { usage, noUsage, refused, failed } = counts;
    return {
      customersWithUsage: usage,
      customersWithoutUsage: noUsage,
      customersRefused: refused,
      customersFailed: failed,
      ...(isFewFailing(customersFailing, listed.size) && { customersFailing }),
      customersRemaining: listed.size - usage - noUsage - refused - failed,
    };
  }
}

/**
 * Whether customers that fail for good are few enough to be single failures: up to 5, or 2 % of the
 * list. More of them are an outage.
 */
export function isFewFailing(failing: number, listed: number): boolean {
  return failing <= Math.max(5, listed / 50);
}
