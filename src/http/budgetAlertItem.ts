import * as z from 'zod';
import type { BudgetAlert } from '../usage/budgetAlert.ts';
import { component } from './component.ts';
import { amount, currency, date, id, timestamp, toJsonNumber } from './jsonKind.ts';
import type { ShapeOf } from './shapeOf.ts';

export const budgetAlertItem = component(
  'BudgetAlertItem',
  z
    .object({
      alertId: z.string().meta({
        description: 'The same for the same customer, period, kind, threshold and budget',
      }),
      customerId: id,
      customerName: z.string(),
      kind: z.enum(['actual', 'forecast']).meta({
        description: "What crossed it: the cost so far, or the forecast of the period's end",
      }),
      threshold: z.number().meta({ description: 'Percent of the budget' }),
      percentUsed: amount('Of the budget, by the cost so far or by the forecast, as the kind says'),
      totalCost: amount('The billing period so far'),
      forecastTotalCost: amount("At the billing period's end; null where unknown").nullable(),
      budgetAmount: amount("The customer's spending budget"),
      currency,
      billingPeriodStart: date('First day'),
      billingPeriodEnd: date('The day after the last'),
      snapshotDate: date('The day of recording, UTC, by whose figures it was raised'),
      raisedAt: timestamp('UTC'),
      isDelivered: z.boolean().meta({ description: 'Whether its event was logged' }),
    } satisfies ShapeOf<BudgetAlert, 'status'>)
    .meta({
      description: 'A threshold of a budget that was crossed, with its figures of that day',
    }),
);

export function toBudgetAlertItem(alert: BudgetAlert): z.infer<typeof budgetAlertItem> {
  return {
    alertId: alert.alertId,
    customerId: alert.customerId,
    customerName: alert.customerName,
    kind: alert.kind,
    threshold: alert.threshold,
    percentUsed: toJsonNumber(alert.percentUsed),
    totalCost: toJsonNumber(alert.totalCost),
    forecastTotalCost: toJsonNumber(alert.forecastTotalCost),
    budgetAmount: toJsonNumber(alert.budgetAmount),
    currency: alert.currency,
    billingPeriodStart: alert.billingPeriodStart,
    billingPeriodEnd: alert.billingPeriodEnd,
    snapshotDate: alert.snapshotDate,
    raisedAt: alert.raisedAt,
    isDelivered: alert.isDelivered,
  };
}
