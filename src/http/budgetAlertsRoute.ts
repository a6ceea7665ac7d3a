import { readBudgetAlerts } from '../history/budgetAlerts.ts';
import { budgetAlertItem, toBudgetAlertItem } from './budgetAlertItem.ts';
import { component } from './component.ts';
import { formatParameter } from './formatParameter.ts';
import { answerList, listOf } from './itemList.ts';
import { date, guid } from './parameterKind.ts';
import type { DataRoute } from './route.ts';

const parameters = {
  from: date('First day; default: 30 days up to the last').optional(),
  to: date('Last day; default: today').optional(),
  customerId: guid('Only those of this customer').optional(),
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
  async handle({ from, to, customerId }, context) {
    const alerts = await readBudgetAlerts({ from, to, customerId }, context);
    const shown = { schema: budgetAlertItem, fileName: 'budget-alerts' };
    return answerList(alerts, toBudgetAlertItem, shown);
  },
};
