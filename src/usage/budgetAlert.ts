import type { Amount } from './amount.ts';
import { column, named, optional, type RowOf, word } from './rowShape.ts';
import type { UsageFigures } from './usageSnapshot.ts';

/** A threshold of a customer's budget that was crossed: once per period, and again for another budget. */
export const budgetAlertShape = {
  /** The same for the same customer, period, kind, threshold and budget. */
  alertId: column.id,
  customerId: column.id,
  customerName: column.text,
  /** What is compared with the budget: the cost so far, or the forecast of the period's end. */
  kind: word('actual', 'forecast'),
  /** Percent of the budget. */
  threshold: column.number,
  /**
   * - `raised`: is to be delivered
   * - `covered`: a higher threshold of the kind was raised at the same time, or before
   * - `baseline`: a threshold below 100 % that was crossed before the first recorded night
   */
  status: word('raised', 'covered', 'baseline'),
  /** Whether nothing is left to deliver: true from the start for all but `raised`. */
  isDelivered: named('delivered', column.flag),
  /** ISO 8601, UTC. */
  raisedAt: column.text,
  /** The figures for which it was raised. */
  totalCost: column.amount,
  /** Forecast of the period's total; absent without a forecast. */
  forecastTotalCost: optional(column.amount),
  budgetAmount: column.printedAmount,
  /** Of the compared cost, to 20 digits after the point. */
  percentUsed: column.printedAmount,
  /** ISO 4217, of the amounts. */
  currency: column.text,
  /** First day of the billing period. */
  billingPeriodStart: column.date,
  /** The day after its last. */
  billingPeriodEnd: column.date,
  snapshotDate: column.date,
  /** What caused the change of that day's cost, as it was delivered; absent where that was not known. */
  causes: optional(column.text),
};

export type BudgetAlert = RowOf<typeof budgetAlertShape>;
export type ThresholdKind = BudgetAlert['kind'];
export type AlertStatus = BudgetAlert['status'];

/** A customer's figures on a day, as budget rules need them. */
export interface BudgetPosition {
  customerId: string;
  customerName: string;
  snapshotDate: string;
  figures: UsageFigures;
  /** Forecast of the billing period's total; absent without a forecast. */
  forecastTotalCost?: Amount | undefined;
}
