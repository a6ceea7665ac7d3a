import { recordedCostShape } from './recordedCost.ts';
import { column, group, named, omit, optional, pick, type RowOf } from './rowShape.ts';
import { customerSnapshotShape, figuresShape } from './usageSnapshot.ts';

/** A customer's row in the ledger of a day. */
export const ledgerRowShape = {
  ...customerSnapshotShape,
  /** Absent where it could not be computed yet: the run's end or a later run does so. */
  cost: optional(group(recordedCostShape)),
  /**
   * What an anomaly was expected to cost, in the currency of the cost; absent where there is none,
   * and where an earlier version found it.
   */
  expectedCost: optional(column.amount),
  /** Whether the day's anomaly was delivered; absent where there is none. */
  isAnomalyDelivered: optional(named('anomalyDelivered', column.flag)),
  /** What caused the anomaly, as it was delivered; absent where that was not known. */
  causes: optional(column.text),
};

export type LedgerRow = RowOf<typeof ledgerRowShape>;

/** The columns that a ranking reads; date and customer are in the keys. */
export const rankedRowShape = {
  ...omit(
    ledgerRowShape,
    ...(['resource', 'snapshotDate', 'customerId', 'runId', 'subscriptionIds'] as const),
    ...(['raw', 'isRawTruncated', 'expectedCost', 'isAnomalyDelivered', 'causes'] as const),
  ),
  // The currency alone, without the texts of the API it was derived from.
  figures: optional(
    group(omit(figuresShape, 'currencyCode', 'currencyLocale', 'lastModifiedDate')),
  ),
};

/** A row as a ranking reads it. */
export type RankedRow = Pick<LedgerRow, 'snapshotDate' | 'customerId'> &
  RowOf<typeof rankedRowShape>;

/** The columns of an anomaly; date and customer are in the keys. */
export const anomalyRowShape = {
  ...pick(ledgerRowShape, 'customerName', 'customerDomain', 'expectedCost', 'causes'),
  /** ISO 4217, of the costs. */
  currency: optional(column.text),
  dailyCost: recordedCostShape.dailyCost,
  isAnomalyDelivered: named('anomalyDelivered', column.flag),
};

/** An anomaly, as its row in the ledger has it. */
export type AnomalyRow = Pick<LedgerRow, 'snapshotDate' | 'customerId'> &
  RowOf<typeof anomalyRowShape>;

/** The currency of a row's costs: without figures, that of its last ones or of its usage record. */
export function costCurrencyOf(
  row: Pick<LedgerRow, 'figures' | 'expectedCurrency'>,
): string | undefined {
  return row.figures?.currency ?? row.expectedCurrency;
}
