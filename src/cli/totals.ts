import type { HistoryContext } from '../history/historyContext.ts';
import { readTotals } from '../history/totals.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Row } from '../http/rows.ts';
import { totalsRoute } from '../http/totalsRoute.ts';
import { addDays, daysBetween } from '../usage/date.ts';
import { checkRange } from './arguments.ts';
import { describeCover, printAnswer } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface TotalsOptions {
  from?: string;
  to?: string;
  json?: boolean;
}

/** No billing period is longer: a day before it says nothing of a daily cost. */
const longestPeriodDays = 31;

/** All customers, per day and currency. */
export async function totals({ json, ...range }: TotalsOptions): Promise<ExitCode> {
  checkRange(range);
  const context = openRecordedHistory();
  const answer = await totalsRoute.handle({ ...range, format: 'json' }, context);
  if (json) await printAnswer(answer, 'json');
  else print(await describeTotals(answer, context));
  return exitCodes.done;
}

export async function describeTotals(answer: DataAnswer, context: HistoryContext): Promise<string> {
  const rows = Array.from(answer.rows());
  const [first] = rows;
  if (first === undefined) return 'no totals in this range';
  const covers = await describeCovers(rows, String(first['date']), context);
  const columns: Column<Row>[] = [
    { heading: 'date', value: 'date' },
    { heading: 'currency', value: 'currency' },
    { heading: 'total cost', value: 'totalCost', kind: 'number' },
    { heading: 'daily cost', value: 'dailyCost', kind: 'number' },
    { heading: 'customers', value: 'customers', kind: 'number', spare: 1 },
    { heading: 'missing', value: 'customersMissing', kind: 'number' },
    { heading: 'daily cost is', value: (row) => covers.get(row) },
  ];
  return formatTable(columns, rows);
}

/** Of which days the daily costs are, where that is more than one: by the last day with figures. */
async function describeCovers(
  rows: readonly Row[],
  from: string,
  context: HistoryContext,
): Promise<Map<Row, string>> {
  const range = { from: addDays(from, -longestPeriodDays), to: addDays(from, -1) };
  const before = await readTotals(range, context);
  const lastDates = new Map(
    before
      .filter(({ customers }) => customers > 0)
      .map((each) => [each.currency, each.snapshotDate]),
  );
  const covers = new Map<Row, string>();
  for (const row of rows) {
    const [date, currency] = [String(row['date']), String(row['currency'])];
    if (row['customers'] === 0) continue;
    const last = lastDates.get(currency);
    const days = last === undefined ? undefined : daysBetween(last, date);
    covers.set(row, days === undefined ? 'of the periods so far' : describeCover(date, days));
    lastDates.set(currency, date);
  }
  return covers;
}
