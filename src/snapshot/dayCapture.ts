import { messageOf } from '../errors.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import type { Customer } from '../usage/customer.ts';
import {
  type CustomerSnapshot,
  type Failure,
  isDone,
  type Outcome,
} from '../usage/usageSnapshot.ts';
import { type Capture, captureCustomer, dayRowOf } from './captureCustomer.ts';
import type { CaptureOptions } from './captureOptions.ts';
import type { CustomerList } from './customerList.ts';
import type { CustomerUsageRecords } from './customerUsageRecords.ts';
import type { DayAssessor } from './dayAssessor.ts';
import { DayEntries, type Entry } from './dayEntries.ts';
import { DayFailures, type RunFailure } from './dayFailures.ts';
import type { DayWriter } from './dayWriter.ts';
import type { EarlierDays } from './earlierDays.ts';
import { isOwnFailure } from './failure.ts';
import { forEachBounded, inTurn, runEach } from './fanOut.ts';
import { mergeCapture, unmerged } from './mergeCapture.ts';
import { findMassRefusals, type Refusal } from './refusals.ts';
import type { SnapshotStores } from './stores.ts';
import { SubscriptionCounter } from './subscriptionCounter.ts';

export interface DayCaptureOptions {
  capture: CaptureOptions;
  records: CustomerUsageRecords;
  stores: SnapshotStores;
  dayWriter: DayWriter;
  assessor: DayAssessor;
  events: EventLog;
  /** The day's ledger; what is captured is added to it. */
  ledger: Map<string, Outcome>;
  /** Customers with an anomaly on the date, and whether it was told: it is told once. */
  anomalies: ReadonlyMap<string, boolean>;
  /** Whom the lists named. */
  list: CustomerList;
  /** Whether an earlier run of the date may have written rows. */
  isRepeated: boolean;
  /** To tell new troubles from old ones. */
  earlierDays: EarlierDays;
  /** Aborted when nothing may be written any more. */
  signal: AbortSignal;
}

/** Captures customers one by one, keeps what came of each, and counts. */
export class DayCapture {
  readonly #options: DayCaptureOptions;
  readonly #failures: DayFailures;
  readonly #entries: DayEntries;
  readonly #subscriptions: SubscriptionCounter;
  readonly #refusals: (Refusal & { capture: Capture })[] = [];
  /** Whose rows are kept but for that of the day, as of their subscriptions some are forbidden. */
  readonly #partlyForbidden: (Refusal & { entry: Entry })[] = [];
  #costMismatches = 0;
  #isRightLost = false;

  constructor(options: DayCaptureOptions) {
    const { events, ledger, earlierDays, capture, anomalies, dayWriter } = options;
    const { snapshotDate, runId } = capture;
    this.#options = options;
    this.#failures = new DayFailures({ events, ledger, earlierDays, snapshotDate });
    this.#entries = new DayEntries({ ledger, anomalies, dayWriter, failures: this.#failures });
    this.#subscriptions = new SubscriptionCounter(runId);
  }

  get counts() {
    const { captured, failed } = this.#subscriptions;
    return {
      subscriptionsCaptured: captured,
      subscriptionsFailed: failed,
      costMismatches: this.#costMismatches,
    };
  }

  get failures(): readonly RunFailure[] {
    return this.#failures.list;
  }

  /** Customers that failed today and on the two recorded days before. */
  get failing(): ReadonlySet<string> {
    return this.#failures.failing;
  }

  /** Customers done before that could not be captured once more; what they had is kept. */
  get recapturesFailed(): number {
    return this.#entries.recapturesFailed;
  }

  /** Whether so many subscriptions were forbidden that it is not their own doing. */
  get isMassRefusalOfSubscriptions(): boolean {
    return this.#isRightLost;
  }

  /**
   * Captures one customer and keeps its rows. A refusal waits for {@link settleRefusals}, with the
   * row of the day.
   *
   * @throws what concerns everybody (see `captureCustomer`), and what the day's table threw
   */
  async capture(customer: Customer): Promise<void> {
    const { records, capture: captureOptions, list } = this.#options;
    const { id: customerId } = customer;
    const record = records.recordOf(customerId);
    const capture = await this.#failures.judgeList(
      await captureCustomer(customer, record, captureOptions),
    );
    if (list.isLeftOut(customerId) && (await this.#hasDeparted(capture))) {
      list.noteDeparted(customerId);
      return;
    }
    const { outcome, failure } = capture.customer;
    if (outcome === 'refused' && failure) {
      this.#refusals.push({ customerId, failure, count: 1, capture });
      return;
    }
    if (records.contradicts(capture.customer)) this.#costMismatches++;
    await this.#keep(capture, false);
  }

  /**
   * Keeps the refused customers' rows, and the rows of the day of those with subscriptions that are
   * forbidden: as failed, where they are too many to be their own, so that they are asked again.
   * What stands in the way of one of them keeps no other from it.
   */
  async settleRefusals(customersListed: number): Promise<void> {
    await runEach([
      () => this.#keepRefused(customersListed),
      () => this.#enterForbidden(customersListed),
    ]);
  }

  /** Tells of customers that fail for good; see `DayFailures`. */
  tellFailing(customersListed: number, isReminded: boolean): Promise<void> {
    return this.#failures.tellFailing(customersListed, isReminded);
  }

  async #keepRefused(customersListed: number): Promise<void> {
    const { capture: options, earlierDays } = this.#options;
    const refusals = this.#refusals.splice(0);
    const isMostServed = this.#isMostServed(customersListed);
    const mass = await findMassRefusals(refusals, customersListed, isMostServed, earlierDays);
    await forEachBounded(inTurn(refusals), options.concurrency, async (refusal) => {
      if (mass.has(refusal)) refusal.capture.customer.outcome = 'failed';
      await this.#keep(refusal.capture, true);
    });
  }

  async #enterForbidden(customersListed: number): Promise<void> {
    const { earlierDays } = this.#options;
    const forbidden = this.#partlyForbidden.splice(0);
    const { asked } = this.#subscriptions;
    const isMostServed = this.#isMostServed(customersListed - forbidden.length);
    const mass = await findMassRefusals(forbidden, asked, isMostServed, earlierDays);
    this.#isRightLost = mass.size > 0;
    for (const each of forbidden) {
      const { entry } = each;
      const failure = entry.day.failure ?? each.failure;
      if (mass.has(each)) entry.day = { ...entry.day, outcome: 'failed', failure };
      // The next days know by it that it lasts.
      else if (entry.day.outcome === 'usage') entry.day = { ...entry.day, failure };
      await this.#entries.enter(entry);
    }
  }

  #isMostServed(customersListed: number): boolean {
    let served = 0;
    for (const outcome of this.#options.ledger.values()) if (isDone(outcome)) served++;
    return served * 2 > customersListed;
  }

  /** Whether a customer that no list names any more is the partner's no more. */
  async #hasDeparted({ customer }: Capture): Promise<boolean> {
    if (customer.outcome === 'refused') return true;
    if (customer.outcome !== 'noUsage') return false;
    const { partnerCenter } = this.#options.capture;
    try {
      return !(await partnerCenter.hasCustomer(customer.customerId));
    } catch (error) {
      if (!isOwnFailure(error)) throw error;
      return false;
    }
  }

  /** Writes the customer's rows, then its row of the day. */
  async #keep(captured: Capture, isRefusal: boolean): Promise<void> {
    const { stores, assessor, isRepeated, signal } = this.#options;
    const outcome = dayRowOf(captured).outcome;
    const ownOutcome = captured.customer.outcome;
    let entry: Entry;
    let forbidden: Refusal | undefined;
    try {
      const { capture, rows, isPeriodOver } = isRepeated
        ? await mergeCapture(captured, stores.usageByCustomer)
        : unmerged(captured);
      if (rows.length > 0) await stores.usageByCustomer.upsertCustomer(rows);
      forbidden = this.#subscriptions.count(capture);
      const finding = await assessor.assess(capture.customer);
      const day = dayRowOf(capture);
      const isRowNew = rows.includes(capture.customer);
      const kept = { day, finding, ownOutcome: capture.customer.outcome, isRefusal, isRowNew };
      entry = { ...kept, outcome: isPeriodOver ? day.outcome : outcome };
    } catch (error) {
      signal.throwIfAborted();
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'STORE';
      const failure: Failure = { phase: 'store', code, message: messageOf(error) };
      const stored = isRepeated ? await this.#findStored(captured.customer) : undefined;
      const isRowNew = stored !== undefined;
      const own = { ...captured, customer: stored ?? captured.customer };
      const day: CustomerSnapshot = { ...dayRowOf(own), outcome: 'failed', failure };
      entry = { day, finding: {}, outcome, ownOutcome, isRefusal: false, isRowNew };
    }
    this.#failures.noteSubscriptions(captured);
    if (forbidden) this.#partlyForbidden.push({ ...forbidden, entry });
    else await this.#entries.enter(entry);
  }

  /** A customer's row that was written although its answer was lost, or that of others was not. */
  async #findStored(customer: CustomerSnapshot): Promise<CustomerSnapshot | undefined> {
    const { customerId, snapshotDate, runId } = customer;
    const { usageByCustomer } = this.#options.stores;
    try {
      const row = await usageByCustomer.getCustomerSnapshot(customerId, snapshotDate);
      return row?.runId === runId && row.figures ? row : undefined;
    } catch {
      // Nothing more is known: what the day has stays.
      return undefined;
    }
  }
}
