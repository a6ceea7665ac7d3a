import { present } from '../usage/present.ts';
import {
  type CustomerSnapshot,
  type Failure,
  isBetterOutcome,
  isDone,
  type Outcome,
} from '../usage/usageSnapshot.ts';
import type { DayFinding } from './dayAssessor.ts';
import type { DayFailures } from './dayFailures.ts';
import type { DayLedger } from './dayLedger.ts';
import type { DayWriter } from './dayWriter.ts';

export interface DayEntriesOptions {
  ledger: DayLedger;
  dayWriter: DayWriter;
  failures: DayFailures;
}

/** A row of the day, before it is entered in the ledger. */
export interface Entry {
  day: CustomerSnapshot;
  finding: DayFinding;
  /** Outcome of this capture, even where the row of an earlier one is kept. */
  outcome: Outcome;
  /** Of the customer's own row, as it is kept. */
  ownOutcome: Outcome;
  /** Whether the API has refused the customer. */
  isRefusal: boolean;
  /** Whether the customer's own row was written, even if those of subscriptions were not. */
  isRowNew: boolean;
}

/** Enters rows in the ledger of the day: a better one of the date stays. */
export class DayEntries {
  readonly #options: DayEntriesOptions;

  constructor(options: DayEntriesOptions) {
    this.#options = options;
  }

  /** Writes the row of the day, unless the one that is there has a better outcome. */
  async enter(entry: Entry): Promise<void> {
    const { finding, outcome, ownOutcome, isRefusal, isRowNew } = entry;
    const { dayWriter, ledger, failures } = this.#options;
    const { customerId } = entry.day;
    await failures.report(entry.day, isRefusal);
    const before = ledger.outcomeOf(customerId);
    const isUnkept = entry.day.failure?.phase === 'store';
    if (before && isDone(before) && (isUnkept || isBetterOutcome(before, outcome))) {
      ledger.recapturesFailed++;
    }
    // The stored row may have figures of an earlier period, which could not be read: it stays.
    if (before === 'failed' && isUnkept && !isRowNew) return;
    const day = before === 'usage' && isRowNew ? stillDone(entry.day) : entry.day;
    // A customer that was refused and has figures now is not done if anything failed after them.
    const hasNewFigures = before !== 'usage' && ownOutcome === 'usage';
    if (before && isBetterOutcome(before, day.outcome) && !hasNewFigures) {
      // A customer that was refused before got an answer, which could not be stored.
      if (isBetterOutcome(ownOutcome, before)) ledger.recapturesFailed++;
      return;
    }
    ledger.enter(customerId, day.outcome);
    const isAnomaly = finding.expectedCost !== undefined;
    // It is delivered once a day.
    const found = ledger.anomalyOf(customerId) ?? { isAnomalyDelivered: false };
    const anomaly = (isAnomaly || found.isAnomalyDelivered) && found;
    await dayWriter.add({ ...day, ...finding, ...anomaly }, (refusal) =>
      this.#failRefused(day, before, refusal),
    );
  }

  /**
   * The row of a customer whose row the table refuses: the one that is there already, or one with
   * the failure alone. Where that is refused too, it has none and is asked again.
   */
  async #failRefused(
    day: CustomerSnapshot,
    before: Outcome | undefined,
    failure: Failure,
  ): Promise<CustomerSnapshot | undefined> {
    const { resource, snapshotDate, capturedAt, runId, customerId, customerName } = day;
    const { customerDomain } = day;
    const head = { resource, snapshotDate, capturedAt, runId, customerId, customerName };
    const failed = present({ ...head, customerDomain, outcome: 'failed' as const, failure });
    const { failures, ledger } = this.#options;
    await failures.report(failed, false);
    ledger.enter(customerId, before ?? 'failed');
    if (before === undefined) return failed;
    if (before !== 'failed') ledger.recapturesFailed++;
    return undefined;
  }
}

/** A customer that was done stays done, with the figures that its own row has now. */
function stillDone(day: CustomerSnapshot): CustomerSnapshot {
  if (day.outcome !== 'failed' || !day.figures) return day;
  const { failure: _failure, ...rest } = day;
  return { ...rest, outcome: 'usage' };
}
