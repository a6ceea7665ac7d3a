import type { CallOptions, ListOptions } from '../callOptions.ts';
import type { BudgetAlert } from '../usage/budgetAlert.ts';

/** `BudgetAlerts`: one row an alert. Dates are `yyyy-MM-dd`. */
export interface BudgetAlertStore {
  /** Those of a customer in the billing period that begins on a day. */
  listOfPeriod(
    billingPeriodStart: string,
    customerId: string,
    options?: ListOptions,
  ): AsyncIterable<BudgetAlert>;
  /** Adds those that are missing; existing ones stay as they are. */
  createIfAbsent(alerts: readonly BudgetAlert[], options?: CallOptions): Promise<void>;
  /** Those that are still to be delivered, of billing periods that began on `from` or later. */
  listUndelivered(from: string, options?: ListOptions): AsyncIterable<BudgetAlert>;
  /** Replaces each by its key. */
  upsert(alerts: readonly BudgetAlert[], options?: CallOptions): Promise<void>;
}
