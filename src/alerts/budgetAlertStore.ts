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
  /** Adds those that are not there yet; one that is there stays as it is. */
  createIfAbsent(alerts: readonly BudgetAlert[], options?: CallOptions): Promise<void>;
  /** Those that somebody is still to be told of, of billing periods that began on `from` or later. */
  listUndelivered(from: string, options?: ListOptions): AsyncIterable<BudgetAlert>;
  /** Puts each in place of the one with its key. */
  upsert(alerts: readonly BudgetAlert[], options?: CallOptions): Promise<void>;
}
