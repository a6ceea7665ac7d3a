import type { BudgetPosition } from '../usage/budgetAlert.ts';
import type { CallOptions } from './lease.ts';

export interface WatchOptions {
  /** Comes before every read. */
  beginRead?: () => CallOptions;
  /** Comes before every write; throws where the run may not write any more. */
  beginWrite?: () => CallOptions;
}

/** Budgets, as a run needs them: it brings the figures, and what is worth an alert is decided there. */
export interface BudgetWatch {
  /**
   * Records which thresholds a customer's cost has crossed. Done again, it changes nothing.
   *
   * @param options.isFirstNight what lies below 100 % is no news
   */
  evaluate(
    position: BudgetPosition,
    options: WatchOptions & { isFirstNight: boolean },
  ): Promise<void>;
  /** Whether somebody is still to be told of something, on a day. */
  hasUndelivered(date: string, options?: WatchOptions): Promise<boolean>;
  /**
   * Tells what nobody was told yet: each at least once.
   *
   * @param options.signal ends it between two lots of alerts
   */
  deliver(date: string, options: WatchOptions & { signal?: AbortSignal }): Promise<void>;
}
