import { ConfigurationError } from '../errors.ts';
import type { RankingOrder } from '../history/ranking.ts';
import { customersRoute } from '../http/customersRoute.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Row } from '../http/rows.ts';
import type { Outcome } from '../usage/usageSnapshot.ts';
import { findRecorded } from './customerName.ts';
import { describeCover, printAnswer, toPercent } from './dataAnswer.ts';
import type { RankedKind } from './ranked.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, customerColumns, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';
import { topAzureSubscriptions } from './topAzureSubscriptions.ts';

export interface TopOptions {
  by: RankedKind;
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
  const { by, customer, limit, json, ...query } = options;
  if (by === 'azureSubscription') checkOptions(options);
  const context = openRecordedHistory();
  const search = customer === undefined ? query.search : await findRecorded(customer, context);
  if (by === 'azureSubscription') {
    const orderBy = query.orderBy === 'dailyCost' ? 'dailyCost' : 'totalCost';
    return topAzureSubscriptions({ ...query, orderBy, search, top: limit, json }, context);
  }
  const asked = { ...query, search, top: limit, format: 'json' } as const;
  const answer = await customersRoute.handle(asked, context);
  if (json) await printAnswer(answer, 'json');
  else print(describeRanking(answer));
  return exitCodes.done;
}

/** @throws ConfigurationError for options that Azure subscriptions have nothing of */
function checkOptions({ orderBy, outcome }: TopOptions): void {
  const problems = [
    orderBy === 'percentUsed' &&
      '--order-by: expected totalCost or dailyCost with --by azureSubscription, got percentUsed',
    outcome !== undefined && `--outcome: expected none with --by azureSubscription, got ${outcome}`,
  ].filter((problem) => problem !== false);
  if (problems.length > 0) throw new ConfigurationError(problems);
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
