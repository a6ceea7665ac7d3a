import type { ListOptions } from '../callOptions.ts';
import { RowsRefusedError } from '../errors.ts';
import { forEachBounded } from '../forEachBounded.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import type { Amount } from '../usage/amount.ts';
import type { BudgetAlert, BudgetPosition } from '../usage/budgetAlert.ts';
import { addDays } from '../usage/date.ts';
import type { BudgetAlertStore } from './budgetAlertStore.ts';
import { type BudgetThresholds, evaluateBudget } from './budgetRules.ts';

export interface BudgetWatchOptions {
  store: BudgetAlertStore;
  thresholds: BudgetThresholds;
  events: EventLog;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** What caused the change of a customer's cost on a day, as text. It never throws. */
  causesOf: (customerId: string, date: string) => Promise<string | undefined>;
  /** Called before alerts are logged; throws where they could not be marked as delivered. */
  assertWritable: () => void;
}

/** As many rows as a table transaction takes. */
const alertsPerWrite = 100;
/** Causes read at a time. */
const causesAtOnce = 4;
/** Alerts of older periods are not delivered any more. */
const longestPeriodAgeDays = 92;

/** Records each crossed threshold of a budget, and delivers the alerts that were raised. */
export class BudgetWatch {
  readonly #options: BudgetWatchOptions;

  constructor(options: BudgetWatchOptions) {
    this.#options = options;
  }

  /**
   * Records which thresholds a customer's cost has crossed. Idempotent.
   *
   * @param options.isFirstNight thresholds below 100 % raise no alert
   */
  async evaluate(
    position: BudgetPosition,
    { isFirstNight }: { isFirstNight: boolean },
  ): Promise<void> {
    const { store, thresholds, now } = this.#options;
    const raisedAt = new Date(now()).toISOString();
    const options = { thresholds, isFirstNight, raisedAt };
    const crossed = evaluateBudget(position, { ...options, existing: [] });
    const [first] = crossed;
    // The usual case, without reading the existing alerts.
    if (!first) return;
    const { customerId } = position;
    const existing = await Array.fromAsync(
      store.listOfPeriod(first.billingPeriodStart, customerId, this.#listOptions),
    );
    const alerts = evaluateBudget(position, { ...options, existing });
    // Raised alerts first: if the run ended after the others, these would never be raised.
    const isRaised = ({ status }: BudgetAlert) => status === 'raised';
    for (const rows of [alerts.filter(isRaised), alerts.filter((alert) => !isRaised(alert))]) {
      if (rows.length > 0) await store.createIfAbsent(rows);
    }
  }

  /** Alerts that are still to be delivered on a day. */
  listUndelivered(date: string): AsyncIterable<BudgetAlert> {
    const from = addDays(date, -longestPeriodAgeDays);
    return this.#options.store.listUndelivered(from, this.#listOptions);
  }

  /**
   * Delivers the undelivered alerts, each at least once: first the line is logged, then the row is
   * marked. Duplicate lines have the same `alertId`.
   *
   * @param options.signal ends it between two writes
   * @throws RowsRefusedError for marks that cannot be stored, once all the others are
   */
  async deliver(date: string, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const { store, events, causesOf, assertWritable } = this.#options;
    let waiting: BudgetAlert[] = [];
    let refusal: RowsRefusedError | undefined;
    const flush = async () => {
      signal?.throwIfAborted();
      const alerts = waiting;
      waiting = [];
      await forEachBounded(alerts, causesAtOnce, async (alert) => {
        const causes = await causesOf(alert.customerId, alert.snapshotDate);
        if (causes !== undefined) alert.causes = causes;
      });
      assertWritable();
      for (const alert of alerts) events.emit('budget.threshold.crossed', fieldsOf(alert));
      try {
        await store.upsert(alerts.map((alert) => ({ ...alert, isDelivered: true })));
      } catch (error) {
        if (!(error instanceof RowsRefusedError)) throw error;
        refusal ??= error;
      }
    };
    for await (const alert of this.listUndelivered(date)) {
      waiting.push(alert);
      if (waiting.length >= alertsPerWrite) await flush();
    }
    if (waiting.length > 0) await flush();
    if (refusal) throw refusal;
  }

  get #listOptions(): ListOptions {
    const { events } = this.#options;
    return {
      onUnreadable: (error) => events.emit('snapshot.row.unreadable', { error: error.message }),
    };
  }
}

/** Amounts as numbers, for comparing them in queries: the rows keep every digit. */
type AlertFields = {
  [Name in Exclude<keyof BudgetAlert, 'status' | 'isDelivered' | 'raisedAt'>]-?:
    | Exclude<BudgetAlert[Name], Amount>
    | (Amount extends BudgetAlert[Name] ? number : never);
};

function fieldsOf(alert: BudgetAlert): AlertFields {
  const { status: _, isDelivered: __, raisedAt: ___, ...fields } = alert;
  const { percentUsed, totalCost, forecastTotalCost, budgetAmount, causes } = fields;
  return {
    ...fields,
    percentUsed: Number(percentUsed),
    totalCost: Number(totalCost),
    forecastTotalCost: forecastTotalCost === undefined ? undefined : Number(forecastTotalCost),
    budgetAmount: Number(budgetAmount),
    causes,
  };
}
