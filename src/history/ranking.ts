import { percentOf } from '../usage/amount.ts';
import { costCurrencyOf, type RankedRow } from '../usage/ledgerRow.ts';
import { type CustomerFilter, isWanted } from './customerFilter.ts';
import { type Day, findDay } from './day.ts';
import type { HistoryContext } from './historyContext.ts';

export const rankingOrders = ['totalCost', 'percentUsed', 'dailyCost'] as const;
export type RankingOrder = (typeof rankingOrders)[number];

export interface RankingQuery extends CustomerFilter {
  /** Default: the latest day with a complete run. */
  date?: string | undefined;
  orderBy: RankingOrder;
  /** Maximum of customers; default: all. */
  top?: number | undefined;
  /** Where the page before ended. */
  after?: RankingPosition | undefined;
}

/** Where a customer stands in a ranking. */
interface Place {
  currency?: string | undefined;
  value?: number | undefined;
  customerId: string;
}

/** A place that stays valid while rows are added and removed. */
export interface RankingPosition extends Place {
  /** The order of the currencies, which would change with their numbers of customers. */
  currencies: readonly string[];
}

export interface Ranking extends Day {
  /** When the latest of its rows was captured, ISO 8601; absent without rows. */
  asOf?: string;
  rows: RankedRow[];
  /** For the next page; absent at the end. */
  next?: RankingPosition;
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
  const wanted: Ranked[] = [];
  for await (const row of context.stores.usageByDay.listRanking(date, { onUnreadable })) {
    if (asOf === undefined || row.capturedAt > asOf) asOf = row.capturedAt;
    if (isWanted(row, query)) wanted.push({ row, ...placeOf(row, query.orderBy) });
  }
  const { after, top = wanted.length } = query;
  const currencies = orderCurrencies(wanted, after?.currencies);
  const compare = comparerOf(currencies);
  wanted.sort(compare);
  const start = after ? wanted.findIndex((ranked) => compare(ranked, after) > 0) : 0;
  const page = start === -1 ? [] : wanted.slice(start, start + top);
  const last = page.at(-1);
  const isEnd = start === -1 || start + top >= wanted.length;
  return {
    date,
    isWhole,
    ...(asOf !== undefined && { asOf }),
    rows: page.map(({ row }) => row),
    ...(last && !isEnd && { next: { ...placeOf(last.row, query.orderBy), currencies } }),
  };
}

type Ranked = Place & { row: RankedRow };

function placeOf(row: RankedRow, orderBy: RankingOrder): Place {
  return {
    customerId: row.customerId,
    currency: orderBy === 'percentUsed' ? undefined : costCurrencyOf(row),
    value: figureOf(row, orderBy),
  };
}

/** Only for sorting: the rows keep their digits. */
function figureOf(
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

/** Those of the page before in their order, then the others by their number of customers. */
function orderCurrencies(all: readonly Place[], before: readonly string[] = []): string[] {
  const counts = new Map<string, number>();
  for (const { currency } of all) {
    if (currency !== undefined) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  }
  const others = [...counts].filter(([currency]) => !before.includes(currency));
  others.sort(([a, ofA], [b, ofB]) => ofB - ofA || compareTexts(a, b));
  return [...before, ...others.map(([currency]) => currency)];
}

function comparerOf(currencies: readonly string[]) {
  const places = new Map(currencies.map((currency, place) => [currency, place]));
  const rank = ({ currency = '' }: Place) => places.get(currency) ?? places.size;
  return (one: Place, other: Place): number =>
    rank(one) - rank(other) ||
    descending(one.value, other.value) ||
    compareTexts(one.customerId, other.customerId);
}

function descending(one = Number.NEGATIVE_INFINITY, other = Number.NEGATIVE_INFINITY): number {
  return one === other ? 0 : other > one ? 1 : -1;
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
