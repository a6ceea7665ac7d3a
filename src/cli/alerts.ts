import { budgetAlertsRoute } from '../http/budgetAlertsRoute.ts';
import type { Row, Value } from '../http/rows.ts';
import { addDays } from '../usage/date.ts';
import { checkRange } from './arguments.ts';
import { findRecorded } from './customerName.ts';
import { printAnswer } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, customerColumns, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface AlertsOptions {
  from?: string;
  to?: string;
  customer?: string;
  search?: string;
  currency?: string;
  json?: boolean;
}

/** Thresholds of budgets that were crossed: by default in the last 30 days. */
export async function alerts({ json, customer, ...query }: AlertsOptions): Promise<ExitCode> {
  checkRange(query);
  const context = openRecordedHistory();
  const customerId = customer === undefined ? undefined : await findRecorded(customer, context);
  const asked = { ...query, customerId, format: 'json' } as const;
  const answer = await budgetAlertsRoute.handle(asked, context);
  if (json) await printAnswer(answer, 'json');
  else print(describeAlerts(Array.from(answer.rows())));
  return exitCodes.done;
}

export function describeAlerts(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no alerts in this range';
  const columns: Column<Row>[] = [
    { heading: 'date', value: 'snapshotDate' },
    ...customerColumns,
    { heading: 'kind', value: 'kind' },
    { heading: 'threshold %', value: 'threshold', kind: 'number' },
    { heading: 'used %', value: 'percentUsed', kind: 'number' },
    { heading: 'cost', value: comparedCostOf, kind: 'number' },
    { heading: 'budget', value: 'budgetAmount', kind: 'number' },
    { heading: 'currency', value: 'currency' },
    { heading: 'period', value: periodOf, spare: 1 },
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
