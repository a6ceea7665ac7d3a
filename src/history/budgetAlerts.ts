import type { BudgetAlert } from '../usage/budgetAlert.ts';
import { isFoundBy } from './customerFilter.ts';
import type { HistoryContext } from './historyContext.ts';
import { type AskedRange, rangeUpToToday } from './latestDates.ts';

export interface BudgetAlertsQuery extends AskedRange {
  customerId?: string | undefined;
  /** ISO 4217. */
  currency?: string | undefined;
  /** A part of the name in any case, or of the id; alerts keep no domain. */
  search?: string | undefined;
}

/**
 * The alerts that were raised, by the day of their figures and the time of raising; by default
 * those of the last 30 days.
 */
export async function readBudgetAlerts(
  { customerId, currency, search, ...asked }: BudgetAlertsQuery,
  { stores, now, onUnreadable }: HistoryContext,
): Promise<BudgetAlert[]> {
  const range = { ...rangeUpToToday(asked, now()), customerId };
  const alerts = await Array.fromAsync(stores.budgetAlerts.listRaised(range, { onUnreadable }));
  return alerts
    .filter((alert) => currency === undefined || alert.currency === currency)
    .filter((alert) => search === undefined || isFoundBy(search, alert))
    .sort(compare);
}

const texts = ['snapshotDate', 'raisedAt', 'customerId', 'kind'] as const;

function compare(one: BudgetAlert, other: BudgetAlert): number {
  const name = texts.find((each) => one[each] !== other[each]);
  if (name !== undefined) return one[name] < other[name] ? -1 : 1;
  return one.threshold - other.threshold;
}
