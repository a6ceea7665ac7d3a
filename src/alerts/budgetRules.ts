import Big from 'big.js';
import { type Amount, toAmount } from '../usage/amount.ts';
import { type BillingPeriod, billingPeriodOf, calendarMonthOf } from '../usage/billingPeriod.ts';
import type {
  AlertStatus,
  BudgetAlert,
  BudgetPosition,
  ThresholdKind,
} from '../usage/budgetAlert.ts';
import { isClosed } from '../usage/dailyCost.ts';

/** Percents of the budget, by what is compared with it. */
export type BudgetThresholds = Readonly<Record<ThresholdKind, readonly number[]>>;

export interface EvaluationOptions {
  thresholds: BudgetThresholds;
  /** Those that the customer has already in this billing period, for any budget. */
  existing: readonly Pick<BudgetAlert, 'kind' | 'threshold' | 'budgetAmount'>[];
  /** Thresholds below 100 % raise no alert. */
  isFirstNight: boolean;
  /** ISO 8601, UTC. */
  raisedAt: string;
}

const kinds: readonly ThresholdKind[] = ['actual', 'forecast'];
const wholeBudget = 100;
/** No currency has a smaller coin. */
const smallestBudget = '0.001';

/**
 * The thresholds that a customer's cost has crossed and that have no alert yet. Of each kind the
 * highest is raised, unless a higher one was before; the others are recorded, so that they are not
 * raised later, and so are those of a forecast up to the highest that the cost has crossed. Each has
 * its own key, so all of them can be raised again in a new period or for
 * another budget, and a cost that falls back raises nothing.
 *
 * @returns none for a budget below 0.001, or of a period that was over long ago
 */
export function evaluateBudget(
  position: BudgetPosition,
  { thresholds, existing, isFirstNight, raisedAt }: EvaluationOptions,
): BudgetAlert[] {
  const budget = position.figures.budgetAmount;
  if (budget === undefined || new Big(budget).lt(smallestBudget)) return [];
  // Figures of a period that was over long ago are a fault of the API.
  if (isClosed(periodOf(position), position.snapshotDate)) return [];
  const { totalCost } = position.figures;
  const spent = thresholds.actual.filter((threshold) => isCrossed(totalCost, budget, threshold));
  const highestSpent = Math.max(...spent, -Infinity);
  return kinds.flatMap((kind) => {
    const cost = kind === 'actual' ? totalCost : position.forecastTotalCost;
    if (cost === undefined) return [];
    const known = existing.filter(
      (alert) => alert.kind === kind && new Big(alert.budgetAmount).eq(budget),
    );
    const highestKnown = Math.max(...known.map(({ threshold }) => threshold), -Infinity);
    const fresh = thresholds[kind].filter(
      (threshold) =>
        isCrossed(cost, budget, threshold) && !known.some((alert) => alert.threshold === threshold),
    );
    const highest = Math.max(...fresh, -Infinity);
    const statusOf = (threshold: number): AlertStatus => {
      if (isFirstNight && threshold < wholeBudget) return 'baseline';
      // A forecast says nothing new of what is spent already.
      if (kind === 'forecast' && threshold <= highestSpent) return 'covered';
      return threshold === highest && threshold > highestKnown ? 'raised' : 'covered';
    };
    return fresh.map((threshold) =>
      alertOf(position, { kind, threshold, status: statusOf(threshold), cost, budget, raisedAt }),
    );
  });
}

/** Figures without a billing period are taken for those of the calendar month. */
function periodOf({ figures, snapshotDate }: BudgetPosition): BillingPeriod {
  return billingPeriodOf(figures) ?? calendarMonthOf(snapshotDate);
}

/** Multiplied, not divided: a rounded quotient could cross a threshold that the cost does not. */
function isCrossed(cost: Amount, budget: Amount, threshold: number): boolean {
  return new Big(cost).times(wholeBudget).gte(new Big(budget).times(threshold));
}

interface Crossing {
  kind: ThresholdKind;
  threshold: number;
  status: AlertStatus;
  /** The cost that was compared with the budget. */
  cost: Amount;
  budget: Amount;
  raisedAt: string;
}

function alertOf(position: BudgetPosition, crossing: Crossing): BudgetAlert {
  const { customerId, customerName, snapshotDate, figures, forecastTotalCost } = position;
  const { kind, threshold, status, cost, budget, raisedAt } = crossing;
  const { start, end } = periodOf(position);
  return {
    alertId: [start, customerId, kind, threshold, new Big(budget).toFixed()].join('|'),
    customerId,
    customerName,
    kind,
    threshold,
    status,
    isDelivered: status !== 'raised',
    raisedAt,
    totalCost: figures.totalCost,
    ...(forecastTotalCost !== undefined && { forecastTotalCost }),
    budgetAmount: budget,
    percentUsed: toAmount(new Big(cost).times(wholeBudget).div(budget)),
    currency: figures.currency,
    billingPeriodStart: start,
    billingPeriodEnd: end,
    snapshotDate,
  };
}
