import type { BudgetPosition } from '../usage/budgetAlert.ts';

/** Budgets, as a run needs them: it brings the figures, and what is worth an alert is decided there. */
export interface Budgets {
  /**
   * Records which thresholds a customer's cost has crossed. Done again, it changes nothing.
   *
   * @param options.isFirstNight what lies below 100 % is no news
   */
  evaluate(position: BudgetPosition, options: { isFirstNight: boolean }): Promise<void>;
  /** Whether somebody is still to be told of something, on a day. */
  hasUndelivered(date: string): Promise<boolean>;
  /**
   * Tells what nobody was told yet: each at least once.
   *
   * @param options.signal ends it between two lots of alerts
   */
  deliver(date: string, options: { signal?: AbortSignal }): Promise<void>;
}
