import type { EventLog } from '../telemetry/eventLog.ts';
import { unknownCurrency } from '../usage/currency.ts';
import type { CustomerSnapshot, Failure, Outcome } from '../usage/usageSnapshot.ts';
import type { Capture } from './captureCustomer.ts';
import type { SnapshotStores } from './stores.ts';

/** One line of a run's failures. */
export interface RunFailure extends Failure {
  customerId: string;
  subscriptionId?: string;
  outcome: Outcome;
}

export interface DayFailuresOptions {
  stores: SnapshotStores;
  events: EventLog;
  /** The day's outcomes, by customer id. */
  ledger: ReadonlyMap<string, Outcome>;
  /** The day before, to tell a new refusal from an old one. */
  previousDate: string;
}

const refusals = [403, 404];
/** As many failures as a result lists. */
const mostFailures = 1_000;

/** Judges, lists and tells what failed of a day's customers. */
export class DayFailures {
  readonly list: RunFailure[] = [];
  readonly #options: DayFailuresOptions;

  constructor(options: DayFailuresOptions) {
    this.#options = options;
  }

  /** A list of subscriptions that is refused for the first day may be served in an hour: it failed. */
  async judgeList(capture: Capture): Promise<Capture> {
    const { listRefusal, ...rest } = capture;
    if (!listRefusal) return capture;
    const before = await this.#getDayBefore(capture.customer.customerId);
    const { phase, status = 0 } = before?.failure ?? {};
    const isKnown = phase === listRefusal.phase && refusals.includes(status);
    return isKnown ? capture : { ...rest, listFailure: listRefusal };
  }

  /** Lists what came of single subscriptions. */
  noteSubscriptions({ customer: { customerId }, subscriptions }: Capture): void {
    for (const { subscriptionId, outcome, failure } of subscriptions) {
      if (failure) this.#addFailure({ customerId, subscriptionId, outcome, ...failure });
    }
  }

  /** Lists and tells what came of a customer. */
  async report(day: CustomerSnapshot): Promise<void> {
    if (day.figures?.currency === unknownCurrency) {
      const { currencyCode, currencyLocale } = day.figures;
      this.#options.events.emit('snapshot.currency.unknown', {
        customerId: day.customerId,
        currencyCode,
        currencyLocale,
      });
    }
    const { customerId, failure } = day;
    if (!failure) return;
    // With usage, it is the list of subscriptions that is refused; it was told on its first day.
    const isListRefused = day.outcome === 'usage';
    const outcome = isListRefused ? 'refused' : day.outcome;
    this.#addFailure({ customerId, outcome, ...failure });
    if (isListRefused) return;
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
    if (this.#options.ledger.get(customerId) === 'refused') return true;
    return (await this.#getDayBefore(customerId))?.outcome === 'refused';
  }

  async #getDayBefore(customerId: string): Promise<CustomerSnapshot | undefined> {
    const { previousDate, stores } = this.#options;
    try {
      return await stores.usageByDay.getDay(previousDate, customerId);
    } catch {
      // Not to know is no reason to fail, or to keep silent.
      return undefined;
    }
  }

  #addFailure(failure: RunFailure): void {
    if (this.list.length < mostFailures) this.list.push(failure);
  }
}
