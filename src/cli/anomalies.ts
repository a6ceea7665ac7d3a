import { anomaliesRoute } from '../http/anomaliesRoute.ts';
import type { Row } from '../http/rows.ts';
import { checkRange } from './arguments.ts';
import { findRecorded } from './customerName.ts';
import { printAnswer } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, customerColumns, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface AnomaliesOptions {
  from?: string;
  to?: string;
  customer?: string;
  search?: string;
  currency?: string;
  json?: boolean;
}

/** Days whose cost was unlike what was expected, the newest first. */
export async function anomalies(options: AnomaliesOptions): Promise<ExitCode> {
  const { json, customer, ...query } = options;
  checkRange(query);
  const context = openRecordedHistory();
  const customerId = customer === undefined ? undefined : await findRecorded(customer, context);
  // As rows it answers all of them, and not a page.
  const asked = { ...query, customerId, format: 'ndjson' } as const;
  const answer = await anomaliesRoute.handle(asked, context);
  if (json) await printAnswer(answer, 'json');
  else print(describeAnomalies(Array.from(answer.rows())));
  return exitCodes.done;
}

export function describeAnomalies(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no anomalies in this range';
  const columns: Column<Row>[] = [
    { heading: 'anomaly on', value: 'date' },
    ...customerColumns,
    { heading: 'currency', value: 'currency' },
    { heading: 'daily cost', value: 'dailyCost', kind: 'number' },
    { heading: 'expected', value: 'expectedCost', kind: 'number' },
    { heading: 'note', value: ({ delivered }) => (delivered ? '' : 'not delivered') },
  ];
  return formatTable(columns, rows);
}
