import type { RankingOrder } from '../history/ranking.ts';
import { customersRoute } from '../http/customersRoute.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Row } from '../http/rows.ts';
import type { Outcome } from '../usage/usageSnapshot.ts';
import { findRecorded } from './customerName.ts';
import { describeCover, printAnswer, toPercent } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, customerColumns, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface TopOptions {
  date?: string;
  orderBy: RankingOrder;
  limit: number;
  customer?: string;
  search?: string;
  outcome?: Outcome;
  currency?: string;
  json?: boolean;
}

/** The ranking of a day. */
export async function top(options: TopOptions): Promise<ExitCode> {
  const { customer, limit, json, ...query } = options;
  const context = openRecordedHistory();
  const search = customer === undefined ? query.search : await findRecorded(customer, context);
  const asked = { ...query, search, top: limit, format: 'json' } as const;
  const answer = await customersRoute.handle(asked, context);
  if (json) await printAnswer(answer, 'json');
  else print(describeRanking(answer));
  return exitCodes.done;
}

export function describeRanking(answer: DataAnswer): string {
  const { date } = answer.document() as { date: string };
  const columns: Column<Row>[] = [
    { heading: 'currency', value: 'currency' },
    ...customerColumns,
    { heading: 'plan', value: 'plan', spare: 3 },
    { heading: 'total cost', value: 'totalCost', kind: 'number' },
    { heading: 'daily cost', value: 'dailyCost', kind: 'number' },
    {
      heading: 'of budget',
      value: ({ percentUsed }) => toPercent(percentUsed),
      kind: 'number',
      spare: 1,
    },
    { heading: 'outcome', value: 'outcome', spare: 2 },
    { heading: 'daily cost is', value: ({ daysCovered }) => describeCover(date, daysCovered) },
  ];
  return formatTable(columns, answer.rows());
}
