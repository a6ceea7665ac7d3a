import type { DataAnswer } from '../http/route.ts';
import type { Row } from '../http/rows.ts';
import { totalsRoute } from '../http/totalsRoute.ts';
import { checkRange } from './arguments.ts';
import { printAnswer } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface TotalsOptions {
  from?: string;
  to?: string;
  json?: boolean;
}

/** All customers, per day and currency. */
export async function totals({ json, ...range }: TotalsOptions): Promise<ExitCode> {
  checkRange(range);
  const context = openRecordedHistory();
  const answer = await totalsRoute.handle({ ...range, format: 'json' }, context);
  if (json) await printAnswer(answer, 'json');
  else print(describeTotals(answer));
  return exitCodes.done;
}

export function describeTotals(answer: DataAnswer): string {
  const rows = Array.from(answer.rows());
  if (rows.length === 0) return 'no totals in this range';
  const columns: Column<Row>[] = [
    { heading: 'date', value: 'date' },
    { heading: 'currency', value: 'currency' },
    { heading: 'total cost', value: 'totalCost', kind: 'number' },
    { heading: 'daily cost', value: 'dailyCost', kind: 'number' },
    { heading: 'customers', value: 'customers', kind: 'number' },
    { heading: 'missing', value: 'customersMissing', kind: 'number' },
  ];
  return formatTable(columns, rows);
}
