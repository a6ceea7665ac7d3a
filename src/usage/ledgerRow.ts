import { recordedCostShape } from './recordedCost.ts';
import { column, group, named, omit, optional, type RowOf } from './rowShape.ts';
import { customerSnapshotShape, figuresShape } from './usageSnapshot.ts';

/** A customer's row in the ledger of a day. */
export const ledgerRowShape = {
  ...customerSnapshotShape,
  /** Absent where it could not be computed yet: the run's end or a later run does so. */
  cost: optional(group(recordedCostShape)),
  /** Whether the day's anomaly was delivered; absent where there is none. */
  isAnomalyDelivered: optional(named('anomalyDelivered', column.flag)),
};

export type LedgerRow = RowOf<typeof ledgerRowShape>;

/** The columns that a ranking reads; date and customer are in the keys. */
export const rankedRowShape = {
  ...omit(
    ledgerRowShape,
    ...(['resource', 'snapshotDate', 'customerId', 'runId', 'subscriptionIds'] as const),
    ...(['raw', 'isRawTruncated', 'isAnomalyDelivered'] as const),
  ),
  // The currency alone, without the texts of the API it was derived from.
  figures: optional(
    group(omit(figuresShape, 'currencyCode', 'currencyLocale', 'lastModifiedDate')),
  ),
};

/** A row as a ranking reads it. */
export type RankedRow = Pick<LedgerRow, 'snapshotDate' | 'customerId'> &
  RowOf<typeof rankedRowShape>;

/** The currency of a row's costs: without figures, that of its last ones or of its usage record. */
export function costCurrencyOf(
  row: Pick<LedgerRow, 'figures' | 'expectedCurrency'>,
): string | undefined {
  return row.figures?.currency ?? row.expectedCurrency;
}
