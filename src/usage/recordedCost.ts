import { column, optional, type RowOf } from './rowShape.ts';

/** A customer's cost of a day, as its ledger row has it. */
export const recordedCostShape = {
  /** In the billing currency; absent without fresh figures. */
  dailyCost: optional(column.amount),
  /** Days that the cost is for; 0 where there is none. */
  daysCovered: column.count,
  isStale: column.flag,
  /**
   * Forecast of the billing period's total; absent without fresh figures, and where neither a
   * budget nor a possible anomaly asked for it.
   */
  forecastTotalCost: optional(column.amount),
};

export type RecordedCost = RowOf<typeof recordedCostShape>;
