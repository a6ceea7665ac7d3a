import Big from 'big.js';
import { parseAmount } from '../../src/usage/amount.ts';
import type { BudgetAlert } from '../../src/usage/budgetAlert.ts';

export const customerId = '0d1b5a6e-3c2f-4f0e-9d58-7a1c2b3d4e5f';

/** Three quarters of a budget of 500 euro, crossed on 14 March 2026 and not told of yet. */
export function alert(change: Partial<BudgetAlert> = {}): BudgetAlert {
  const all = {
    customerId,
    customerName: 'Contoso',
    kind: 'actual',
    threshold: 75,
    status: 'raised',
    isDelivered: false,
    raisedAt: '2026-03-14T02:40:00.000Z',
    totalCost: parseAmount('376.82860766744404945074'),
    forecastTotalCost: parseAmount('812.50'),
    budgetAmount: parseAmount('500'),
    percentUsed: parseAmount('75.365721533488809890148'),
    currency: 'EUR',
    billingPeriodStart: '2026-03-01',
    billingPeriodEnd: '2026-04-01',
    snapshotDate: '2026-03-14',
    ...change,
  } as const;
  const { billingPeriodStart, kind, threshold, budgetAmount } = all;
  const budget = new Big(budgetAmount).toFixed();
  const parts = [billingPeriodStart, all.customerId, kind, threshold, budget];
  return { alertId: parts.join('|'), ...all };
}

/** Without a forecast, as of a customer of whom too little is known. */
export function alertWithoutForecast(change: Partial<BudgetAlert> = {}): BudgetAlert {
  const { forecastTotalCost: _, ...rest } = alert(change);
  return rest;
}
