import { messageOf } from '../errors.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import type { Customer } from '../usage/customer.ts';
import {
  type CustomerSnapshot,
  type Failure,
  isBetterOutcome,
  isDone,
  type Outcome,
} from '../usage/usageSnapshot.ts';
import { type Capture, captureCustomer, dayRowOf } from './captureCustomer.ts';
import type { CaptureOptions } from './captureOptions.ts';
import { isMassRefusal } from './completeness.ts';
import type { CustomerUsageRecords } from './customerUsageRecords.ts';
import type { DayAssessor, DayFinding } from './dayAssessor.ts';
import { DayFailures, type RunFailure } from './dayFailures.ts';
import type { DayWriter } from './dayWriter.ts';
import { forEachBounded, inTurn } from './fanOut.ts';
import { mergeCapture } from './mergeCapture.ts';
import type { SnapshotStores } from './stores.ts';

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
  /** Whether an earlier run of the date may have written rows. */
  isRepeated: boolean;
  /** The day before `snapshotDate`, to tell a new refusal from an old one. */
  previousDate: string;
  /** Aborted when nothing may be written any more. */
  signal: AbortSignal;
}

/** A row of the day, before it is entered in the ledger. */
interface Entry {
  day: CustomerSnapshot;
  finding: DayFinding;
  /** What came of the capture, whatever is kept of an earlier one. */
  outcome: Outcome;
  /** Of the customer's own row, as it is kept. */
  ownOutcome: Outcome;
  /** Why a subscription, or their list, may not be read. */
  forbidden?: Failure | undefined;
}

/** Captures customers one by one, keeps what came of each, and counts. */
export class DayCapture {
  readonly #options: DayCaptureOptions;
  readonly #failures: DayFailures;
  readonly #refusals: Capture[] = [];
  /** Whose rows are kept but for that of the day, as of their subscriptions some are forbidden. */
  readonly #partlyForbidden: Entry[] = [];
  readonly counts = { subscriptionsCaptured: 0, subscriptionsFailed: 0, costMismatches: 0 };
  #subscriptionsRefused = 0;
  /** Those of them that are there, but not for us: what is gone is no lost right. */
  #subscriptionsForbidden = 0;
  #recapturesFailed = 0;
  #isRightLost = false;

  constructor(options: DayCaptureOptions) {
    this.#options = options;
    this.#failures = new DayFailures(options);
  }

  get failures(): readonly RunFailure[] {
    return this.#failures.list;
  }

  /** Customers done before that could not be captured once more; what they had is kept. */
  get recapturesFailed(): number {
    return this.#recapturesFailed;
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
    const { records, capture: captureOptions } = this.#options;
    const record = records.recordOf(customer.id);
    const capture = await this.#failures.judgeList(
      await captureCustomer(customer, record, captureOptions),
    );
    if (capture.customer.outcome === 'refused') {
      this.#refusals.push(capture);
      return;
    }
    if (records.contradicts(capture.customer)) this.counts.costMismatches++;
    await this.#keep(capture);
  }

  /**
   * Keeps the refused customers' rows, and the rows of the day of those with subscriptions that are
   * forbidden: as failed, where they are too many to be their own, so that they are asked again.
   */
  async settleRefusals(customersListed: number): Promise<void> {
    const isMass = isMassRefusal(this.#refusals.length, customersListed);
    const { signal, capture: options } = this.#options;
    const refusals = inTurn(this.#refusals.splice(0));
    await forEachBounded(refusals, options.concurrency, async (capture) => {
      signal.throwIfAborted();
      if (isMass) capture.customer.outcome = 'failed';
      await this.#keep(capture);
    });
    const { subscriptionsCaptured, subscriptionsFailed } = this.counts;
    const asked = subscriptionsCaptured + subscriptionsFailed + this.#subscriptionsRefused;
    this.#isRightLost = isMassRefusal(this.#subscriptionsForbidden, asked);
    // Also when the run is to end: without their rows these customers would be captured again.
    for (const entry of this.#partlyForbidden.splice(0)) {
      const failure = entry.day.failure ?? entry.forbidden;
      if (this.#isRightLost && failure) entry.day = { ...entry.day, outcome: 'failed', failure };
      await this.#enter(entry);
    }
  }

  /** Writes the customer's rows, then its row of the day. */
  async #keep(captured: Capture): Promise<void> {
    const { stores, assessor, isRepeated } = this.#options;
    const outcome = dayRowOf(captured).outcome;
    let entry: Entry;
    try {
      const capture = isRepeated ? await mergeCapture(captured, stores.usageByCustomer) : captured;
      const rows = [capture.customer, ...capture.subscriptions];
      const fresh = rows.filter((row) => row.runId === this.#options.capture.runId);
      if (fresh.length > 0) await stores.usageByCustomer.upsertCustomer(fresh);
      this.#countSubscriptions(capture);
      const finding = await assessor.assess(capture.customer);
      const day = dayRowOf(capture);
      const forbidden = forbiddenOf(capture);
      entry = { day, finding, outcome, ownOutcome: capture.customer.outcome, forbidden };
    } catch (error) {
      this.#options.signal.throwIfAborted();
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'STORE';
      const failure: Failure = { phase: 'store', code, message: messageOf(error) };
      const day: CustomerSnapshot = { ...dayRowOf(captured), outcome: 'failed', failure };
      entry = { day, finding: {}, outcome, ownOutcome: captured.customer.outcome };
    }
    this.#failures.noteSubscriptions(captured);
    if (entry.forbidden) this.#partlyForbidden.push(entry);
    else await this.#enter(entry);
  }

  /** Writes the row of the day, unless what there is says more. */
  async #enter({ day, finding, outcome, ownOutcome }: Entry): Promise<void> {
    const { dayWriter, ledger, anomalies } = this.#options;
    const { customerId } = day;
    await this.#failures.report(day);
    const before = ledger.get(customerId);
    if (before && isBetterOutcome(before, outcome) && isDone(before)) this.#recapturesFailed++;
    // Who was refused and has figures now is no longer done, whatever failed after them.
    const hasNewFigures = before !== 'usage' && ownOutcome === 'usage';
    if (before && isBetterOutcome(before, day.outcome) && !hasNewFigures) {
      // Somebody refused was answered, and that could not be kept.
      if (isBetterOutcome(ownOutcome, before)) this.#recapturesFailed++;
      return;
    }
    // Nothing new is known, and the row may have figures that could not be read.
    if (before === 'failed' && day.failure?.phase === 'store' && !day.figures) return;
    ledger.set(customerId, day.outcome);
    const { isAnomaly = false, ...found } = finding;
    // Once told, it stays told.
    const isAnomalyDelivered = anomalies.get(customerId) ?? false;
    const anomaly = (isAnomaly || isAnomalyDelivered) && { isAnomalyDelivered };
    await dayWriter.add({ ...day, ...found, ...anomaly }, (refusal) =>
      this.#failRefused(day, before, refusal),
    );
  }

  /**
   * What the day has of a customer whose row the table refuses: the one that is there already, or
   * one that says so and no more. Where even that is refused it has none, and is asked again.
   */
  async #failRefused(
    { resource, snapshotDate, capturedAt, runId, customerId, customerName }: CustomerSnapshot,
    before: Outcome | undefined,
    failure: Failure,
  ): Promise<CustomerSnapshot | undefined> {
    const keys = { resource, snapshotDate, capturedAt, runId, customerId, customerName };
    const failed: CustomerSnapshot = { ...keys, outcome: 'failed', failure };
    await this.#failures.report(failed);
    this.#options.ledger.set(customerId, before ?? 'failed');
    if (before === undefined) return failed;
    if (before !== 'failed') this.#recapturesFailed++;
    return undefined;
  }

  #countSubscriptions({ subscriptions, listRefusal }: Capture): void {
    const { runId } = this.#options.capture;
    const count = (refusal: Failure | undefined) => {
      this.#subscriptionsRefused++;
      if (isForbidden(refusal)) this.#subscriptionsForbidden++;
    };
    if (listRefusal) count(listRefusal);
    for (const { outcome, failure, runId: capturedBy } of subscriptions) {
      if (capturedBy !== runId) continue;
      if (isDone(outcome)) this.counts.subscriptionsCaptured++;
      if (outcome === 'failed') this.counts.subscriptionsFailed++;
      if (outcome === 'refused') count(failure);
    }
  }
}

function isForbidden(refusal: Failure | undefined): boolean {
  return refusal?.status === 403;
}

/** Of the list or of one in it. */
function forbiddenOf({ subscriptions, listRefusal }: Capture): Failure | undefined {
  if (isForbidden(listRefusal)) return listRefusal;
  return subscriptions.find((one) => one.outcome === 'refused' && isForbidden(one.failure))
    ?.failure;
}
