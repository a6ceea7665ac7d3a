import type { PeriodReport } from '../history/periodReport.ts';
import type { ReportedPeriod } from '../history/reportedPeriod.ts';
import type { Amount } from '../usage/amount.ts';
import { addMarkup } from '../usage/markup.ts';

/** A report as a customer gets it. */
export interface CustomerReport extends PeriodReport {
  /** In percent, as given; it is in every cost, not in the budget. */
  markup?: string;
}

/** A report with a markup in percent in every cost, to the digit. */
export function markUp(report: PeriodReport, markup: string | undefined): CustomerReport {
  if (markup === undefined) return report;
  const price = <Cost extends Amount | null>(cost: Cost) =>
    cost === null ? cost : addMarkup(cost, markup);
  const toPricedLine = <Line extends { totalCost: Amount }>(line: Line) => ({
    ...line,
    totalCost: addMarkup(line.totalCost, markup),
  });
  const toPriced = (period: ReportedPeriod): ReportedPeriod => ({
    ...toPricedLine(period),
    days: period.days.map((day) => ({
      ...day,
      totalCost: price(day.totalCost),
      dailyCost: price(day.dailyCost),
    })),
    subscriptions: period.subscriptions.map((line) => ({
      ...toPricedLine(line),
      azureSubscriptions: line.azureSubscriptions.map(toPricedLine),
    })),
  });
  return { ...report, markup, periods: report.periods.map(toPriced) };
}
