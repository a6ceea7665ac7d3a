import { percentOf } from '../usage/amount.ts';
import { costCurrencyOf, type RankedRow } from '../usage/ledgerRow.ts';
import { type CustomerFilter, isWanted } from './customerFilter.ts';
import { type Day, findDay } from './day.ts';
import type { HistoryContext } from './historyContext.ts';
import { type PageQuery, type Place, type Placed, type Position, takePage } from './places.ts';

export const rankingOrders = ['totalCost', 'percentUsed', 'dailyCost'] as const;
export type RankingOrder = (typeof rankingOrders)[number];

export interface RankingQuery extends CustomerFilter, PageQuery {
  /** Default: the latest day with a complete run. */
  date?: string | undefined;
  orderBy: RankingOrder;
}

export interface Ranking extends Day {
  /** When the latest of its rows was captured, ISO 8601; absent without rows. */
  asOf?: string;
  rows: RankedRow[];
  /** For the next page; absent at the end. */
  next?: Position;
}

/**
 * The customers of a day, the largest first. Amounts of different currencies cannot be compared, so
 * they are grouped by currency, the one with most customers first; percentages are not grouped.
 */
export async function rankCustomers(
  query: RankingQuery,
  context: HistoryContext,
): Promise<Ranking> {
  const { date, isWhole } = await findDay(query.date, context);
  const { onUnreadable } = context;
  let asOf: string | undefined;
  const wanted: Placed<RankedRow>[] = [];
  for await (const row of context.stores.usageByDay.listRanking(date, { onUnreadable })) {
    if (asOf === undefined || row.capturedAt > asOf) asOf = row.capturedAt;
    if (isWanted(row, query)) wanted.push({ item: row, place: placeOf(row, query.orderBy) });
  }
  const { items: rows, ...following } = takePage(wanted, query);
  return { date, isWhole, ...(asOf !== undefined && { asOf }), rows, ...following };
}

function placeOf(row: RankedRow, orderBy: RankingOrder): Place {
  return {
    id: row.customerId,
    currency: orderBy === 'percentUsed' ? undefined : costCurrencyOf(row),
    value: figureOf(row, orderBy),
  };
}

/** The figure of a row that an order goes by; undefined where it is not known. */
export function figureOf(
  { figures, cost, outcome }: RankedRow,
  orderBy: RankingOrder,
): number | undefined {
  switch (orderBy) {
    case 'dailyCost':
      return cost?.dailyCost === undefined ? undefined : Number(cost.dailyCost);
    case 'percentUsed':
      return figures && percentOf(figures.totalCost, figures.budgetAmount)?.toNumber();
    case 'totalCost':
      return figures ? Number(figures.totalCost) : outcome === 'noUsage' ? 0 : undefined;
  }
}
