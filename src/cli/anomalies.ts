import { anomaliesRoute } from '../http/anomaliesRoute.ts';
import type { Row } from '../http/rows.ts';
import { printAnswer } from './dataAnswer.ts';
import { type FindingOptions, toFindingQuery } from './findings.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, customerColumns, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

/** Days whose cost was unlike what was expected, the newest first. */
export async function anomalies({ json, ...options }: FindingOptions): Promise<ExitCode> {
  const context = openRecordedHistory();
  const query = await toFindingQuery(options, context);
  // As rows it answers all of them, and not a page.
  const answer = await anomaliesRoute.handle({ ...query, format: 'ndjson' }, context);
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
    { heading: 'expected', value: 'expectedCost', kind: 'number', spare: 1 },
    { heading: 'note', value: ({ delivered }) => (delivered ? '' : 'not delivered') },
  ];
  return formatTable(columns, rows);
}
