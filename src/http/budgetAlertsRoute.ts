import * as z from 'zod';
import { readBudgetAlerts } from '../history/budgetAlerts.ts';
import type { BudgetAlert } from '../usage/budgetAlert.ts';
import { component } from './component.ts';
import { formatParameter } from './format.ts';
import { answerList, listOf } from './itemList.ts';
import * as json from './jsonKind.ts';
import { currency, date, guid, text } from './parameterKind.ts';
import type { DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

const budgetAlertItem = component(
  'BudgetAlertItem',
  z
    .object({
      alertId: z.string().meta({
        description: 'The same for the same customer, period, kind, threshold and budget',
      }),
      customerId: json.id,
      customerName: z.string(),
      kind: z.enum(['actual', 'forecast']).meta({
        description: "What crossed it: the cost so far, or the forecast of the period's end",
      }),
      threshold: z.number().meta({ description: 'Percent of the budget' }),
      percentUsed: json.amount(
        'Of the budget, by the cost so far or by the forecast, as the kind says',
      ),
      totalCost: json.amount('The billing period so far'),
      forecastTotalCost: json.amount("At the billing period's end; null where unknown").nullable(),
      budgetAmount: json.amount("The customer's spending budget"),
      currency: json.currency,
      billingPeriodStart: json.date('First day'),
      billingPeriodEnd: json.date('The day after the last'),
      snapshotDate: json.date('The day of recording, UTC, by whose figures it was raised'),
      raisedAt: json.timestamp('UTC'),
      isDelivered: z.boolean().meta({ description: 'Whether its event was logged' }),
      causes: json.causes,
    } satisfies ShapeOf<BudgetAlert, 'status'>)
    .meta({
      description: 'A threshold of a budget that was crossed, with its figures of that day',
    }),
);

function toBudgetAlertItem(alert: BudgetAlert): z.infer<typeof budgetAlertItem> {
  return {
    alertId: alert.alertId,
    customerId: alert.customerId,
    customerName: alert.customerName,
    kind: alert.kind,
    threshold: alert.threshold,
    percentUsed: json.toJsonNumber(alert.percentUsed),
    totalCost: json.toJsonNumber(alert.totalCost),
    forecastTotalCost: json.toJsonNumber(alert.forecastTotalCost),
    budgetAmount: json.toJsonNumber(alert.budgetAmount),
    currency: alert.currency,
    billingPeriodStart: alert.billingPeriodStart,
    billingPeriodEnd: alert.billingPeriodEnd,
    snapshotDate: alert.snapshotDate,
    raisedAt: alert.raisedAt,
    isDelivered: alert.isDelivered,
    causes: alert.causes ?? null,
  };
}

const parameters = {
  from: date('First day; default: 30 days up to the last').optional(),
  to: date('Last day; default: today').optional(),
  customerId: guid('Only those of this customer').optional(),
  currency: currency('ISO 4217: only budgets in it').optional(),
  search: text(100, 'A part of the name or the domain in any case, or of the id').optional(),
  ...formatParameter,
};

export const budgetAlertsRoute: DataRoute<typeof parameters> = {
  name: 'listBudgetAlerts',
  access: 'data',
  summary: 'Thresholds of budgets that were crossed, by date',
  description:
    'Of what is crossed at the same time only the highest threshold of a kind is raised; each once in a billing period, and again for another budget.',
  parameters,
  answer: component('BudgetAlerts', listOf(budgetAlertItem)),
  rows: [budgetAlertItem],
  async handle({ format: _, ...query }, context) {
    const alerts = await readBudgetAlerts(query, context);
    const shown = { schema: budgetAlertItem, fileName: 'budget-alerts' };
    return answerList(alerts, toBudgetAlertItem, shown);
  },
};
