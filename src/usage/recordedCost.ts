import { column, optional, type RowOf } from './rowShape.ts';

/** What a day cost a customer, as its ledger row keeps it. */
export const recordedCostShape = {
  /** In the billing currency; absent where the day has no news. */
  dailyCost: optional(column.amount),
  /** Days that the cost is for; 0 where there is none. */
  daysCovered: column.count,
  isStale: column.flag,
};

export type RecordedCost = RowOf<typeof recordedCostShape>;
