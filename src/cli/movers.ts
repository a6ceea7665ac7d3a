import type { MoverOrder } from '../history/movers.ts';
import { moversRoute } from '../http/moversRoute.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Row } from '../http/rows.ts';
import type { Comparison } from '../usage/movement.ts';
import { findRecorded } from './customerName.ts';
import { printAnswer, toPercent } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, customerColumns, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface MoversOptions {
  date?: string;
  against: Comparison;
  orderBy: MoverOrder;
  limit: number;
  customer?: string;
  search?: string;
  currency?: string;
  json?: boolean;
}

/** Whose cost grew or fell, who is new and who vanished. */
export async function movers(options: MoversOptions): Promise<ExitCode> {
  const { customer, limit, json, ...query } = options;
  const context = openRecordedHistory();
  const search = customer === undefined ? query.search : await findRecorded(customer, context);
  const asked = { ...query, search, top: limit, format: 'json' } as const;
  const answer = await moversRoute.handle(asked, context);
  if (json) await printAnswer(answer, 'json');
  else print(describeMovers(answer));
  return exitCodes.done;
}

export function describeMovers(answer: DataAnswer): string {
  const head = answer.document() as Record<'date' | 'beforeDate', string>;
  const heading = `${head.date} against ${head.beforeDate}`;
  const rows = Array.from(answer.rows());
  if (rows.length === 0) return `${heading}: nothing that can be compared has moved`;
  const columns: Column<Row>[] = [
    { heading: 'currency', value: 'currency' },
    ...customerColumns,
    { heading: 'before', value: 'before', kind: 'number', spare: 2 },
    { heading: 'after', value: 'after', kind: 'number' },
    { heading: 'change', value: 'change', kind: 'number' },
    { heading: 'percent', value: ({ percent }) => toPercent(percent), kind: 'number', spare: 1 },
    { heading: 'note', value: ({ kind }) => (kind === 'changed' ? '' : kind) },
  ];
  return `${heading}\n\n${formatTable(columns, rows)}`;
}
