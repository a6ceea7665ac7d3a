import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import type { HistoryContext } from './historyContext.ts';
import { type AskedRange, resolveRange } from './latestDates.ts';

export interface TotalsQuery extends AskedRange {
  /** ISO 4217. */
  currency?: string | undefined;
}

/** All customers per day and currency, by date and then by currency. */
export async function readTotals(
  { currency, ...asked }: TotalsQuery,
  context: HistoryContext,
): Promise<CurrencyTotal[]> {
  const { from, to } = await resolveRange(asked, context);
  const { stores, onUnreadable } = context;
  const totals = await Array.fromAsync(
    stores.usageByCustomer.listTotals({ from, to }, { onUnreadable }),
  );
  return totals
    .filter((total) => currency === undefined || total.currency === currency)
    .sort((one, other) => keyOf(one).localeCompare(keyOf(other), 'en'));
}

function keyOf({ snapshotDate, currency }: CurrencyTotal): string {
  return `${snapshotDate} ${currency}`;
}
