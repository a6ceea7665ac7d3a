import type { DataAnswer } from '../http/route.ts';
import { totalsRoute } from '../http/totalsRoute.ts';
import { checkRange } from './arguments.ts';
import { formatRows, printAnswer } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
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
  return formatRows(rows, [
    { heading: 'date', value: 'date' },
    { heading: 'currency', value: 'currency' },
    { heading: 'total cost', value: 'totalCost', isNumber: true },
    { heading: 'daily cost', value: 'dailyCost', isNumber: true },
    { heading: 'customers', value: 'customers', isNumber: true },
    { heading: 'missing', value: 'customersMissing', isNumber: true },
  ]);
}
