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
  | 'expectedCurrency'
  | 'failure'
  | 'cost'
>;

/** A customer's row in the ledger of a day. */
export interface LedgerRow extends CustomerSnapshot {
  /** Absent where it could not be told: the run's end, or a later run, settles it. */
  cost?: RecordedCost;
  /** Whether somebody was told of the day's anomaly; absent where there is none. */
  isAnomalyDelivered?: boolean;
}

/** The currency of a row's costs: without figures, that of its last ones or of its usage record. */
export function costCurrencyOf(
  row: Pick<LedgerRow, 'figures' | 'expectedCurrency'>,
): string | undefined {
  return row.figures?.currency ?? row.expectedCurrency;
}
