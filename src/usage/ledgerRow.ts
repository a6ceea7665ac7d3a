import type { RecordedCost } from './recordedCost.ts';
import type { CustomerSnapshot } from './usageSnapshot.ts';

/** A row as a ranking reads it. */
export type RankedRow = Pick<
  LedgerRow,
  | 'snapshotDate'
  | 'customerId'
  | 'customerName'
  | 'outcome'
  | 'capturedAt'
  | 'figures'
  | 'failure'
  | 'cost'
>;

/** A customer's row in the ledger of a day. */
export interface LedgerRow extends CustomerSnapshot {
  /** Absent until a run has come to its end since the row was written. */
  cost?: RecordedCost;
  /**
   * Whether an anomaly of the day needs no telling any more, as it was told or there is none;
   * absent while nobody has looked.
   */
  isAnomalyDelivered?: boolean;
}
