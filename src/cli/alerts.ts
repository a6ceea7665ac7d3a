import { budgetAlertsRoute } from '../http/budgetAlertsRoute.ts';
import type { Row, Value } from '../http/rows.ts';
import { addDays } from '../usage/date.ts';
import { printAnswer, toPercent } from './dataAnswer.ts';
import { type FindingOptions, toFindingQuery } from './findings.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, customerColumns, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

/** Thresholds of budgets that were crossed: by default in the last 30 days. */
export async function alerts({ json, ...options }: FindingOptions): Promise<ExitCode> {
  const context = openRecordedHistory();
  const query = await toFindingQuery(options, context);
  const answer = await budgetAlertsRoute.handle({ ...query, format: 'json' }, context);
  if (json) await printAnswer(answer, 'json');
  else print(describeAlerts(Array.from(answer.rows())));
  return exitCodes.done;
}

export function describeAlerts(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no alerts in this range';
  const columns: Column<Row>[] = [
    { heading: 'date', value: 'snapshotDate' },
    ...customerColumns,
    { heading: 'crossed', value: ({ kind, threshold }) => `${kind} ${threshold} %` },
    {
      heading: 'used',
      value: ({ percentUsed }) => toPercent(percentUsed),
      kind: 'number',
      spare: 1,
    },
    { heading: 'cost', value: comparedCostOf, kind: 'number' },
    { heading: 'budget', value: 'budgetAmount', kind: 'number', spare: 2 },
    { heading: 'currency', value: 'currency' },
    { heading: 'period', value: periodOf, spare: 3 },
  ];
  return formatTable(columns, rows);
}

/** The cost that the percentage is of: by the kind, the cost so far or the forecast. */
function comparedCostOf({ kind, totalCost, forecastTotalCost }: Row): Value {
  return kind === 'forecast' ? forecastTotalCost : totalCost;
}

/** Its first and last day. */
function periodOf({ billingPeriodStart, billingPeriodEnd }: Row): string {
  return `${billingPeriodStart} to ${addDays(String(billingPeriodEnd), -1)}`;
}
