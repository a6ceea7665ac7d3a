import type { HistoryStores } from './historyStores.ts';

/** What queries work with. */
export interface HistoryContext {
  stores: HistoryStores;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** A smaller change of a day's cost is never an anomaly; billing currency. */
  minimumCost: number;
  /** Whether metrics have figures of each customer. */
  hasCustomerMetrics: boolean;
  /** Called for a row of a list that is skipped, as it cannot be read. */
  onUnreadable: (error: Error) => void;
}
