import type { Amount } from './amount.ts';
import type { UsageFigures } from './usageSnapshot.ts';

/** What of a budget's use is compared: the cost so far, or the forecast of the period's end. */
export type ThresholdKind = 'actual' | 'forecast';

/**
 * - `raised`: somebody is to be told
 * - `covered`: a higher threshold of the kind was raised at the same time, or before
 * - `baseline`: crossed below 100 % before the first night of all
 */
export type AlertStatus = 'raised' | 'covered' | 'baseline';

/** A threshold of a customer's budget that was crossed: once per period, and again for another budget. */
export interface BudgetAlert {
  /** The same for the same customer, period, kind, threshold and budget. */
  alertId: string;
  customerId: string;
  customerName: string;
  kind: ThresholdKind;
  /** Percent of the budget. */
  threshold: number;
  status: AlertStatus;
  /** Whether nobody has to be told any more: of all but `raised` from the first. */
  isDelivered: boolean;
  /** ISO 8601, UTC. */
  raisedAt: string;
  /** The figures it was raised on. */
  totalCost: Amount;
  /** What the period will have cost, where that can be told. */
  forecastTotalCost?: Amount;
  budgetAmount: Amount;
  /** Of what is compared, to 20 digits after the point. */
  percentUsed: Amount;
  /** ISO 4217, of the amounts. */
  currency: string;
  /** First day of the billing period. */
  billingPeriodStart: string;
  /** The day after its last. */
  billingPeriodEnd: string;
  snapshotDate: string;
}

/** A customer on a day, as far as budgets are concerned. */
export interface BudgetPosition {
  customerId: string;
  customerName: string;
  snapshotDate: string;
  figures: UsageFigures;
  /** What the billing period will have cost; absent where nothing can be said. */
  forecastTotalCost?: Amount | undefined;
}
