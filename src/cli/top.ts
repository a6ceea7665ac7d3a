import type { RankingOrder } from '../history/ranking.ts';
import { customersRoute } from '../http/customersRoute.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Outcome } from '../usage/usageSnapshot.ts';
import { findRecorded } from './customerName.ts';
import { formatRows, printAnswer, toPercent } from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
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
  return formatRows(answer.rows(), [
    { heading: 'currency', value: 'currency' },
    { heading: 'customer', value: 'customerName' },
    { heading: 'id', value: 'customerId' },
    { heading: 'plan', value: 'plan' },
    { heading: 'total cost', value: 'totalCost', isNumber: true },
    { heading: 'daily cost', value: 'dailyCost', isNumber: true },
    { heading: 'of budget', value: ({ percentUsed }) => toPercent(percentUsed), isNumber: true },
    { heading: 'outcome', value: 'outcome' },
  ]);
}
