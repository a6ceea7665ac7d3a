import { messageOf } from '../errors.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import { unknownCurrency } from '../usage/currency.ts';
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
import type { DayWriter } from './dayWriter.ts';
import { forEachBounded, inTurn } from './fanOut.ts';
import { mergeCapture } from './mergeCapture.ts';
import type { SnapshotStores } from './stores.ts';

/** One line of a run's failures. */
export interface RunFailure extends Failure {
  customerId: string;
  subscriptionId?: string;
  outcome: Outcome;
}

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

/** As many failures as a result lists. */
const mostFailures = 1_000;

/** Captures customers one by one, keeps what came of each, and counts. */
export class DayCapture {
  readonly #options: DayCaptureOptions;
  readonly #refusals: Capture[] = [];
  readonly failures: RunFailure[] = [];
  readonly counts = { subscriptionsCaptured: 0, subscriptionsFailed: 0, costMismatches: 0 };
  #subscriptionsRefused = 0;
  #recapturesFailed = 0;

  constructor(options: DayCaptureOptions) {
    this.#options = options;
  }

  /** Customers done before that could not be captured once more; what they had is kept. */
  get recapturesFailed(): number {
    return this.#recapturesFailed;
  }

  /** Whether so many subscriptions were refused that it is not their own doing. */
  get isMassRefusalOfSubscriptions(): boolean {
    const { subscriptionsCaptured, subscriptionsFailed } = this.counts;
    const asked = subscriptionsCaptured + subscriptionsFailed + this.#subscriptionsRefused;
    return isMassRefusal(this.#subscriptionsRefused, asked);
  }

  /**
   * Captures one customer and keeps its rows. A refusal waits for {@link settleRefusals}.
   *
   * @throws what concerns everybody (see `captureCustomer`), and what the day's table threw
   */
  async capture(customer: Customer): Promise<void> {
    const { records, capture: captureOptions } = this.#options;
    const capture = await captureCustomer(customer, records.recordOf(customer.id), captureOptions);
    if (capture.customer.outcome === 'refused') {
      this.#refusals.push(capture);
      return;
    }
    if (records.contradicts(capture.customer)) this.counts.costMismatches++;
    await this.#keep(capture);
  }

  /** Keeps the refused customers' rows: as failed, where they are too many to be their own. */
  async settleRefusals(customersListed: number): Promise<void> {
    const isMass = isMassRefusal(this.#refusals.length, customersListed);
    const { signal, capture: options } = this.#options;
    const refusals = inTurn(this.#refusals.splice(0));
    await forEachBounded(refusals, options.concurrency, async (capture) => {
      signal.throwIfAborted();
      if (isMass) capture.customer.outcome = 'failed';
      await this.#keep(capture);
    });
  }

  /** Writes the customer's rows, then its row of the day. */
  async #keep(captured: Capture): Promise<void> {
    const { stores, dayWriter, assessor, ledger, anomalies, isRepeated } = this.#options;
    const { customerId } = captured.customer;
    let capture = captured;
    let day: CustomerSnapshot;
    let finding: DayFinding = {};
    try {
      if (isRepeated) capture = await mergeCapture(captured, stores.usageByCustomer);
      const rows = [capture.customer, ...capture.subscriptions];
      const fresh = rows.filter((row) => row.runId === this.#options.capture.runId);
      if (fresh.length > 0) await stores.usageByCustomer.upsertCustomer(fresh);
      this.#countSubscriptions(capture);
      finding = await assessor.assess(capture.customer);
      day = dayRowOf(capture);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'STORE';
      const failure: Failure = { phase: 'store', code, message: messageOf(error) };
      day = { ...dayRowOf(captured), outcome: 'failed', failure };
    }
    await this.#report(captured, day);
    const before = ledger.get(customerId);
    const isWorse = before && isBetterOutcome(before, dayRowOf(captured).outcome);
    if (isWorse && isDone(before)) this.#recapturesFailed++;
    // Who was refused and has figures now is no longer done, whatever failed after them.
    const hasNewFigures = before !== 'usage' && capture.customer.outcome === 'usage';
    if (before && isBetterOutcome(before, day.outcome) && !hasNewFigures) {
      // Somebody refused was answered, and that could not be kept.
      if (isBetterOutcome(capture.customer.outcome, before)) this.#recapturesFailed++;
      return;
    }
    // Nothing new is known, and the row may have figures that could not be read.
    if (before === 'failed' && day.failure?.phase === 'store' && !day.figures) return;
    ledger.set(customerId, day.outcome);
    const { isAnomaly = false, ...found } = finding;
    // Once told, it stays told.
    const isAnomalyDelivered = anomalies.get(customerId) ?? false;
    const anomaly = (isAnomaly || isAnomalyDelivered) && { isAnomalyDelivered };
    await dayWriter.add({ ...day, ...found, ...anomaly });
  }

  #countSubscriptions({ subscriptions }: Capture): void {
    const { runId } = this.#options.capture;
    for (const { outcome, runId: capturedBy } of subscriptions) {
      if (capturedBy !== runId) continue;
      if (isDone(outcome)) this.counts.subscriptionsCaptured++;
      if (outcome === 'failed') this.counts.subscriptionsFailed++;
      if (outcome === 'refused') this.#subscriptionsRefused++;
    }
  }

  async #report(fresh: Capture, day: CustomerSnapshot): Promise<void> {
    if (day.figures?.currency === unknownCurrency) {
      const { currencyCode, currencyLocale } = day.figures;
      this.#options.events.emit('snapshot.currency.unknown', {
        customerId: day.customerId,
        currencyCode,
        currencyLocale,
      });
    }
    const { customerId, outcome, failure } = day;
    if (failure) this.#addFailure({ customerId, outcome, ...failure });
    for (const subscription of fresh.subscriptions) {
      if (!subscription.failure) continue;
      const { subscriptionId, outcome } = subscription;
      this.#addFailure({ customerId, subscriptionId, outcome, ...subscription.failure });
    }
    if (!failure) return;
    if (outcome === 'refused' && (await this.#wasRefusedBefore(customerId))) return;
    const { phase, status, code, message, correlationId, requestId } = failure;
    this.#options.events.emit('snapshot.customer.failed', {
      customerId,
      outcome,
      phase,
      status,
      code,
      message,
      correlationId,
      requestId,
    });
  }

  async #wasRefusedBefore(customerId: string): Promise<boolean> {
    const { ledger, previousDate, stores } = this.#options;
    if (ledger.get(customerId) === 'refused') return true;
    try {
      const before = await stores.usageByDay.getDay(previousDate, customerId);
      return before?.outcome === 'refused';
    } catch {
      // Not to know is no reason to fail, or to keep silent.
      return false;
    }
  }

  #addFailure(failure: RunFailure): void {
    if (this.failures.length < mostFailures) this.failures.push(failure);
  }
}
