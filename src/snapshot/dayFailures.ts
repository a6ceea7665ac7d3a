import type { EventLog } from '../telemetry/eventLog.ts';
import { unknownCurrency } from '../usage/currency.ts';
import { daysBetween, firstAskable } from '../usage/date.ts';
import type { CustomerSnapshot, Failure, Outcome } from '../usage/usageSnapshot.ts';
import type { Capture } from './captureCustomer.ts';
import { type DayLedger, isFewFailing } from './dayLedger.ts';
import { daysToFail, type EarlierDays, isSameAnswer } from './earlierDays.ts';
import { isRefusalStatus } from './failure.ts';

/** One line of a run's failures. */
export interface RunFailure extends Failure {
  customerId: string;
  customerName: string;
  subscriptionId?: string;
  outcome: Outcome;
}

export interface DayFailuresOptions {
  events: EventLog;
  ledger: DayLedger;
  earlierDays: EarlierDays;
  snapshotDate: string;
}

/** Failures that a result lists. */
const maxFailures = 1_000;
/** A customer that fails for good is reported again after so many days. */
const daysBetweenReminders = 7;
/** Days of a failure are counted no further back. */
const maxDaysCounted = 35;

/** Judges, lists and reports what failed of a day's customers. */
export class DayFailures {
  readonly list: RunFailure[] = [];
  readonly #options: DayFailuresOptions;

  constructor(options: DayFailuresOptions) {
    this.#options = options;
  }

  /**
   * A list of subscriptions refused on its first day counts as failed, so that it is tried again.
   */
  async judgeList(capture: Capture): Promise<Capture> {
    const { listRefusal, ...rest } = capture;
    if (!listRefusal) return capture;
    const before = await this.#options.earlierDays.getLast(capture.customer.customerId);
    const { phase, status } = before?.failure ?? {};
    const isKnown = phase === listRefusal.phase && isRefusalStatus(status);
    return isKnown ? capture : { ...rest, listFailure: listRefusal };
  }

  /** Lists the failures of single subscriptions. */
  noteSubscriptions({ customer: { customerId, customerName }, subscriptions }: Capture): void {
    for (const { subscriptionId, outcome, failure } of subscriptions) {
      const names = { customerId, customerName, subscriptionId };
      if (failure) this.#addFailure({ ...names, outcome, ...failure });
    }
  }

  /**
   * Lists and reports a customer's failure; a refusal is reported only on its first day.
   *
   * @param isRefusal whether it was refused, also where that counts as a failure
   */
  async report(day: CustomerSnapshot, isRefusal: boolean): Promise<void> {
    this.#reportUnknownCurrency(day);
    const { customerId, customerName, failure } = day;
    this.#options.ledger.failing.delete(customerId);
    if (!failure) return;
    // With usage, only the list of subscriptions is refused, which was reported on its first day.
    const isBesideUsage = day.outcome === 'usage';
    const outcome = isBesideUsage ? 'refused' : day.outcome;
    this.#addFailure({ customerId, customerName, outcome, ...failure });
    if (isBesideUsage || (isRefusal && (await this.#wasReportedBefore(customerId, failure))))
      return;
    const fields = { customerId, outcome, ...failure };
    const { earlierDays, ledger } = this.#options;
    const isFailing =
      outcome === 'failed' &&
      (await earlierDays.countFailedDays(customerId, daysToFail)) >= daysToFail;
    if (isFailing) ledger.failing.set(customerId, { ...fields, customerName });
    else this.#options.events.emit('snapshot.customer.failed', fields);
  }

  /**
   * Reports those that fail for good: on the third day, then weekly. Where they are too many for
   * that, each is reported as any other failure.
   *
   * @param isReminded whether an earlier run of the date has done so
   */
  async reportFailing(isReminded: boolean): Promise<void> {
    const { events, earlierDays, snapshotDate, ledger } = this.#options;
    const isOutage = !isFewFailing(ledger.failing.size, ledger.list.ids.size);
    for (const [customerId, { customerName, outcome, ...failure }] of ledger.failing) {
      if (isOutage) {
        events.emit('snapshot.customer.failed', { outcome, ...failure });
      } else if (!isReminded) {
        const days = await earlierDays.countFailedDays(customerId, maxDaysCounted);
        if (!isReminderDue(days, snapshotDate)) continue;
        events.emit('snapshot.customer.failing', { ...failure, customerName, days });
      }
    }
  }

  #reportUnknownCurrency({ customerId, figures }: CustomerSnapshot): void {
    if (figures?.currency !== unknownCurrency) return;
    const { currencyCode, currencyLocale } = figures;
    const fields = { customerId, currencyCode, currencyLocale };
    this.#options.events.emit('snapshot.currency.unknown', fields);
  }

  async #wasReportedBefore(customerId: string, failure: Failure): Promise<boolean> {
    const { ledger, earlierDays } = this.#options;
    if (ledger.outcomeOf(customerId) === 'refused') return true;
    const before = (await earlierDays.getLast(customerId))?.failure;
    return before !== undefined && isSameAnswer(before, failure);
  }

  #addFailure(failure: RunFailure): void {
    if (this.list.length < maxFailures) this.list.push(failure);
  }
}

function isReminderDue(days: number, date: string): boolean {
  // Longer than is counted, so the day of its first failure is unknown: a fixed weekday is used.
  if (days >= maxDaysCounted) return daysBetween(firstAskable, date) % daysBetweenReminders === 0;
  return (days - daysToFail) % daysBetweenReminders === 0;
}
