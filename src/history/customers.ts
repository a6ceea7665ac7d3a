import type { RankedRow } from '../usage/ledgerRow.ts';
import { type CustomerFilter, isWanted } from './customerFilter.ts';
import { type Day, findDay } from './day.ts';
import type { HistoryContext } from './historyContext.ts';

export interface CustomersQuery extends CustomerFilter {
  /** Default: that of a ranking. */
  date?: string | undefined;
}

/** The customers of a day. */
export interface DayCustomers extends Day {
  rows: RankedRow[];
}

/** The customers of a day by name, those of one name by id. */
export async function listCustomers(
  { date: asked, ...filter }: CustomersQuery,
  context: HistoryContext,
): Promise<DayCustomers> {
  const day = await findDay(asked, context);
  const { onUnreadable } = context;
  const rows: RankedRow[] = [];
  for await (const row of context.stores.usageByDay.listRanking(day.date, { onUnreadable })) {
    if (isWanted(row, filter)) rows.push(row);
  }
  // They come by id, and a sort keeps the order of equals.
  return { ...day, rows: rows.sort(byName) };
}

const { compare } = new Intl.Collator('en');

function byName(one: RankedRow, other: RankedRow): number {
  return compare(one.customerName, other.customerName);
}
