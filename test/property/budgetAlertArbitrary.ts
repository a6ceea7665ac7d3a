import Big from 'big.js';
import fc from 'fast-check';
import type { BudgetAlert } from '../../src/usage/budgetAlert.ts';
import { amount, date, id, text, withOptional } from './storageArbitraries.ts';

const threshold = fc.oneof(
  fc.constantFrom(50, 87.5, 100, 0.000001, 1000),
  fc.integer({ min: 1, max: 10 ** 9 }).map((millionths) => millionths / 10 ** 6),
);

/** With the id that the same customer, period, kind, threshold and budget always have. */
export const budgetAlert: fc.Arbitrary<BudgetAlert> = withOptional(
  {
    customerId: id,
    customerName: text,
    kind: fc.constantFrom('actual' as const, 'forecast' as const),
    threshold,
    status: fc.constantFrom('raised' as const, 'covered' as const, 'baseline' as const),
    isDelivered: fc.boolean(),
    raisedAt: text,
    totalCost: amount,
    budgetAmount: amount,
    percentUsed: amount,
    currency: fc.constantFrom('EUR', 'XXX'),
    billingPeriodStart: date,
    billingPeriodEnd: date,
    snapshotDate: date,
  },
  { forecastTotalCost: amount, causes: text },
).map((alert) => {
  const { billingPeriodStart, customerId, kind, threshold, budgetAmount } = alert;
  const budget = new Big(budgetAmount).toFixed();
  return {
    alertId: [billingPeriodStart, customerId, kind, threshold, budget].join('|'),
    ...alert,
  };
});
