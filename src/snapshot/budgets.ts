import type { BudgetPosition } from '../usage/budgetAlert.ts';

/**
 * Budget alerts, as a run needs them: the run brings the figures, this decides what is an alert.
 */
export interface Budgets {
  /**
   * Records which thresholds a customer's cost has crossed. Idempotent.
   *
   * @param options.isFirstNight thresholds below 100 % raise no alert
   */
  evaluate(position: BudgetPosition, options: { isFirstNight: boolean }): Promise<void>;
  /** The alerts that {@link deliver} has to deliver. */
  listUndelivered(date: string): AsyncIterable<{ customerId: string }>;
  /**
   * Delivers the alerts that are not delivered yet, each at least once.
   *
   * @param options.signal ends it between two batches of alerts
   */
  deliver(date: string, options: { signal?: AbortSignal }): Promise<void>;
}
