import type { HistoryStores } from './historyStores.ts';

/** What queries work with. */
export interface HistoryContext {
  stores: HistoryStores;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** A smaller change of a day's cost is never an anomaly; billing currency. */
  minimumCost: number;
  /** Told of a row that is passed over in a list of many, as it cannot be read. */
  onUnreadable: (error: Error) => void;
}
