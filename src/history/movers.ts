import type { RankedRow } from '../usage/ledgerRow.ts';
import {
  type ComparedDays,
  type Comparison,
  comparedDateOf,
  computeMovements,
  type Movement,
} from '../usage/movement.ts';
import { type CustomerFilter, isWanted } from './customerFilter.ts';
import { type Day, findDay, isWhole } from './day.ts';
import type { HistoryContext } from './historyContext.ts';
import { type PageQuery, type Place, type Placed, type Position, takePage } from './places.ts';

export const moverOrders = ['change', 'percent'] as const;
export type MoverOrder = (typeof moverOrders)[number];

export interface MoversQuery extends PageQuery, Omit<CustomerFilter, 'outcome'> {
  /** Default: the latest day with a complete run. */
  date?: string | undefined;
  against: Comparison;
  orderBy: MoverOrder;
}

/** A customer whose cost in one currency moved. */
export interface Mover extends Movement {
  customerId: string;
  customerName: string;
}

export interface Movers extends Day {
  /** The day that it is compared with. */
  beforeDate: string;
  /** When the latest of the day's rows was captured, ISO 8601; absent without rows. */
  asOf?: string;
  items: Mover[];
  /** For the next page; absent at the end. */
  next?: Position;
}

/**
 * Who grew, fell, came or went, the largest move first, up or down; those without an amount last.
 * Changes are grouped by currency, the one with the largest number of movers first; percentages are
 * not grouped.
 */
export async function listMovers(query: MoversQuery, context: HistoryContext): Promise<Movers> {
  const { against, orderBy } = query;
  const day = await findDay(query.date, context);
  const beforeDate = comparedDateOf(day.date, against);
  const [isBeforeWhole, before, after] = await Promise.all([
    isWhole(beforeDate, context),
    readDay(beforeDate, context),
    readDay(day.date, context),
  ]);
  const days = { ...day, against, beforeDate, isBeforeWhole };
  const moved: Placed<Mover>[] = [];
  for (const mover of compareDays(before, after, days, query)) {
    moved.push({ item: mover, place: placeOf(mover, orderBy) });
  }
  let asOf: string | undefined;
  for (const { capturedAt } of after.values()) {
    if (asOf === undefined || capturedAt > asOf) asOf = capturedAt;
  }
  return { ...day, beforeDate, ...(asOf !== undefined && { asOf }), ...takePage(moved, query) };
}

async function readDay(
  date: string,
  { stores, onUnreadable }: HistoryContext,
): Promise<Map<string, RankedRow>> {
  const rows = new Map<string, RankedRow>();
  for await (const row of stores.usageByDay.listRanking(date, { onUnreadable })) {
    rows.set(row.customerId, row);
  }
  return rows;
}

function* compareDays(
  before: ReadonlyMap<string, RankedRow>,
  after: ReadonlyMap<string, RankedRow>,
  days: ComparedDays,
  { currency, plan, search }: MoversQuery,
): Generator<Mover> {
  for (const customerId of new Set([...before.keys(), ...after.keys()])) {
    const rows = [before.get(customerId), after.get(customerId)] as const;
    const named = rows[1] ?? rows[0];
    if (named === undefined || !isWanted(named, { plan, search })) continue;
    const { customerName } = named;
    for (const movement of computeMovements(...rows, days)) {
      if (currency !== undefined && movement.currency !== currency) continue;
      yield { customerId, customerName, ...movement };
    }
  }
}

function placeOf({ customerId, currency, change, percent }: Mover, orderBy: MoverOrder): Place {
  const isByChange = orderBy === 'change';
  const value = isByChange ? change : percent;
  return {
    // Where a customer's currency changed it has two.
    id: `${customerId}|${currency}`,
    currency: isByChange ? currency : undefined,
    value: value === null ? undefined : Math.abs(Number(value)),
  };
}
