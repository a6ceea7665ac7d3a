import { column, optional, type RowOf } from './rowShape.ts';

/** All customers of one currency on one day. Currencies are never added together. */
export const currencyTotalShape = {
  snapshotDate: column.date,
  capturedAt: column.text,
  runId: column.text,
  /** ISO 4217, or `XXX` for figures whose currency is unknown. */
  currency: column.id,
  totalCost: column.amount,
  /** Sum of the customers' daily costs; absent where no run has computed them. */
  dailyCost: optional(column.amount),
  /** Customers whose figures are in the sum. */
  customers: column.count,
  /**
   * Customers whose figures of the day could not be read and that are known to be billed in this
   * currency; those of unknown currency are counted under `XXX`.
   */
  customersMissing: column.count,
};

export type CurrencyTotal = RowOf<typeof currencyTotalShape>;
