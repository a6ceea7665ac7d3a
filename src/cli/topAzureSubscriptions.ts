import {
  type AzureSubscriptionRankingQuery,
  type RankedAzureSubscription,
  rankAzureSubscriptions,
} from '../history/azureSubscriptionRanking.ts';
import type { HistoryContext } from '../history/historyContext.ts';
import { toJsonNumber } from '../http/jsonKind.ts';
import type { Row } from '../http/rows.ts';
import { describeCover } from './dataAnswer.ts';
import { type Column, customerColumns, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print, printJson } from './terminal.ts';

/** The ranking of a day by Azure subscriptions. */
export async function topAzureSubscriptions(
  { json, ...query }: AzureSubscriptionRankingQuery & { json?: boolean | undefined },
  context: HistoryContext,
): Promise<ExitCode> {
  const { date, isWhole, items } = await rankAzureSubscriptions(query, context);
  const rows = items.map(toItem);
  if (json) printJson({ date, complete: isWhole, items: rows });
  else if (rows.length === 0) print(`no such Azure subscriptions on ${date}`);
  else print(formatTable(columnsOf(date), rows));
  return exitCodes.done;
}

function columnsOf(date: string): Column<Row>[] {
  return [
    { heading: 'currency', value: 'currency' },
    {
      heading: 'Azure subscription',
      value: ({ azureSubscriptionName: name, azureSubscriptionId: id }) => name ?? id,
      kind: 'text',
    },
    ...customerColumns,
    { heading: 'total cost', value: 'totalCost', kind: 'number' },
    { heading: 'daily cost', value: 'dailyCost', kind: 'number' },
    { heading: 'daily cost is', value: ({ daysCovered }) => describeCover(date, daysCovered) },
  ];
}

function toItem(row: RankedAzureSubscription) {
  const { figures, cost } = row;
  return {
    customerId: row.customerId,
    customerName: row.customerName,
    subscriptionId: row.subscriptionId,
    azureSubscriptionId: row.azureSubscriptionId,
    azureSubscriptionName: row.azureSubscriptionName ?? null,
    currency: figures?.currency ?? null,
    totalCost: toJsonNumber(figures?.totalCost),
    dailyCost: toJsonNumber(cost?.dailyCost),
    daysCovered: cost?.daysCovered ?? null,
  };
}
