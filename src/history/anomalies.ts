import { addDays } from '../usage/date.ts';
import type { AnomalyRow } from '../usage/ledgerRow.ts';
import { isFoundBy } from './customerFilter.ts';
import type { HistoryContext } from './historyContext.ts';
import { type AskedRange, rangeUpToToday } from './latestDates.ts';

export interface AnomaliesQuery extends AskedRange {
  customerId?: string | undefined;
  /** ISO 4217. */
  currency?: string | undefined;
  /** A part of the name or the domain in any case, or of the id. */
  search?: string | undefined;
  /** Maximum of anomalies; default: all. */
  top?: number | undefined;
  /** The last one of the page before. */
  after?: AnomalyPlace | undefined;
}

/** An anomaly by its keys. */
export interface AnomalyPlace {
  date: string;
  customerId: string;
}

/** Days read at a time: of a page mostly these are enough. */
const daysAtOnce = 8;

/**
 * The anomalies that were found, the newest first and those of a day by customer id; by default
 * those of the last 30 days. Days before those of a page are not read.
 */
export async function readAnomalies(
  query: AnomaliesQuery,
  context: HistoryContext,
): Promise<{ rows: AnomalyRow[]; next?: AnomalyPlace }> {
  const { after, top = Number.POSITIVE_INFINITY } = query;
  const { from, to } = rangeUpToToday(query, context.now());
  const found: AnomalyRow[] = [];
  let last = after !== undefined && after.date < to ? after.date : to;
  while (last >= from && found.length <= top) {
    const dates = Array.from({ length: daysAtOnce }, (_, days) => addDays(last, -days));
    const asked = dates.filter((date) => date >= from);
    const days = await Promise.all(asked.map((date) => readDay(date, query, context)));
    found.push(...days.flat());
    last = addDays(last, -daysAtOnce);
  }
  const rows = found.slice(0, top);
  const end = rows.at(-1);
  if (end === undefined || found.length <= rows.length) return { rows };
  return { rows, next: { date: end.snapshotDate, customerId: end.customerId } };
}

async function readDay(
  date: string,
  { customerId, currency, search, after }: AnomaliesQuery,
  { stores, onUnreadable }: HistoryContext,
): Promise<AnomalyRow[]> {
  const rows: AnomalyRow[] = [];
  const query = { date, customerId };
  for await (const row of stores.usageByDay.listAnomalies(query, { onUnreadable })) {
    if (date === after?.date && row.customerId <= after.customerId) continue;
    if (currency !== undefined && row.currency !== currency) continue;
    if (search === undefined || isFoundBy(search, row)) rows.push(row);
  }
  return rows;
}
