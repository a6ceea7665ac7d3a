import { budgetAlertsRoute } from '../http/budgetAlertsRoute.ts';
import type { Row } from '../http/rows.ts';
import { addDays } from '../usage/date.ts';
import { checkRange } from './arguments.ts';
import { findRecorded } from './customerName.ts';
import { formatRows, printAnswer, toText } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
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
  return formatRows(rows, [
    { heading: 'date', value: 'snapshotDate' },
    { heading: 'customer', value: 'customerName' },
    { heading: 'id', value: 'customerId' },
    { heading: 'kind', value: 'kind' },
    { heading: 'threshold %', value: 'threshold', isNumber: true },
    { heading: 'used %', value: 'percentUsed', isNumber: true },
    { heading: 'cost', value: comparedCostOf, isNumber: true },
    { heading: 'budget', value: 'budgetAmount', isNumber: true },
    { heading: 'currency', value: 'currency' },
    { heading: 'period', value: periodOf },
  ]);
}

/** The cost that the percentage is of: by the kind, the cost so far or the forecast. */
function comparedCostOf({ kind, totalCost, forecastTotalCost }: Row): string {
  return toText(kind === 'forecast' ? forecastTotalCost : totalCost);
}

/** Its first and last day. */
function periodOf({ billingPeriodStart, billingPeriodEnd }: Row): string {
  return `${billingPeriodStart} to ${addDays(String(billingPeriodEnd), -1)}`;
}
