import type { ReportedPeriod } from '../history/reportedPeriod.ts';
import { type Amount, percentOf } from '../usage/amount.ts';
import type { RawNumber } from '../usage/exactJson.ts';
import type { CustomerReport } from './markedUp.ts';

/** The columns of the lines, in order. */
export const reportColumns = [
  ...['line', 'customerId', 'customerName', 'billingPeriodStart', 'billingPeriodEnd'],
  ...['currency', 'plan', 'date', 'outcome', 'subscriptionId', 'subscriptionName'],
  ...['totalCost', 'dailyCost', 'daysCovered', 'isStale', 'budgetAmount', 'percentUsed'],
  ...['markupPercent', 'lastSnapshotDate', 'isFinal'],
  ...['azureSubscriptionId', 'azureSubscriptionName'],
] as const;

type Line = { [Name in (typeof reportColumns)[number]]?: string | number | boolean | RawNumber };

/**
 * Every line of a report with its exact digits: of each period its total, days, subscriptions, and
 * after each plan its Azure subscriptions.
 */
export function* listLines({ markup, ...report }: CustomerReport): Generator<Line> {
  for (const reported of report.periods) {
    const head: Line = {
      customerId: report.customerId,
      customerName: report.customerName,
      billingPeriodStart: reported.period.start,
      billingPeriodEnd: reported.period.end,
      currency: reported.currency,
      plan: reported.plan,
      markupPercent: toNumber(markup ?? '0'),
    };
    for (const line of linesOf(reported)) yield { ...line, ...head };
  }
}

function* linesOf(reported: ReportedPeriod): Generator<Line> {
  const { totalCost, budgetAmount, lastSnapshotDate, isFinal } = reported;
  const percent = percentOf(totalCost, budgetAmount);
  yield {
    line: 'total',
    totalCost: toNumber(totalCost),
    ...(budgetAmount !== undefined && { budgetAmount: toNumber(budgetAmount) }),
    ...(percent && { percentUsed: toNumber(percent.toFixed(2)) }),
    lastSnapshotDate,
    isFinal,
  };
  for (const { date, outcome, daysCovered, isStale, ...costs } of reported.days) {
    yield { line: 'day', date, outcome, daysCovered, isStale, ...toNumbers(costs) };
  }
  for (const { azureSubscriptions, totalCost: cost, ...line } of reported.subscriptions) {
    yield { line: 'subscription', ...line, totalCost: toNumber(cost) };
    const { subscriptionId, subscriptionName } = line;
    for (const { totalCost: part, ...below } of azureSubscriptions) {
      const ofPlan = { subscriptionId, subscriptionName, totalCost: toNumber(part) };
      yield { line: 'azureSubscription', ...below, ...ofPlan };
    }
  }
}

function toNumbers(costs: { totalCost: Amount | null; dailyCost: Amount | null }): Line {
  return {
    ...(costs.totalCost !== null && { totalCost: toNumber(costs.totalCost) }),
    ...(costs.dailyCost !== null && { dailyCost: toNumber(costs.dailyCost) }),
  };
}

function toNumber(literal: string): RawNumber {
  return JSON.rawJSON(literal);
}
