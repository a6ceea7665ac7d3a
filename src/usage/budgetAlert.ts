import type { Amount } from './amount.ts';
import { column, named, optional, type RowOf, word } from './rowShape.ts';
import type { UsageFigures } from './usageSnapshot.ts';

/** A threshold of a customer's budget that was crossed: once per period, and again for another budget. */
export const budgetAlertShape = {
  /** The same for the same customer, period, kind, threshold and budget. */
  alertId: column.id,
  customerId: column.id,
  customerName: column.text,
  /** What of a budget's use is compared: the cost so far, or the forecast of the period's end. */
  kind: word('actual', 'forecast'),
  /** Percent of the budget. */
  threshold: column.number,
  /**
   * - `raised`: somebody is to be told
   * - `covered`: a higher threshold of the kind was raised at the same time, or before
   * - `baseline`: crossed below 100 % before the first night of all
   */
  status: word('raised', 'covered', 'baseline'),
  /** Whether nobody has to be told any more: of all but `raised` from the first. */
  isDelivered: named('delivered', column.flag),
  /** ISO 8601, UTC. */
  raisedAt: column.text,
  /** The figures it was raised on. */
  totalCost: column.amount,
  /** What the period will have cost, where that can be told. */
  forecastTotalCost: optional(column.amount),
  budgetAmount: column.printedAmount,
  /** Of what is compared, to 20 digits after the point. */
  percentUsed: column.printedAmount,
  /** ISO 4217, of the amounts. */
  currency: column.text,
  /** First day of the billing period. */
  billingPeriodStart: column.date,
  /** The day after its last. */
  billingPeriodEnd: column.date,
  snapshotDate: column.date,
};

export type BudgetAlert = RowOf<typeof budgetAlertShape>;
export type ThresholdKind = BudgetAlert['kind'];
export type AlertStatus = BudgetAlert['status'];

/** A customer on a day, as far as budgets are concerned. */
export interface BudgetPosition {
  customerId: string;
  customerName: string;
  snapshotDate: string;
  figures: UsageFigures;
  /** What the billing period will have cost; absent where nothing can be said. */
  forecastTotalCost?: Amount | undefined;
}
