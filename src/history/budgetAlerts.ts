import type { BudgetAlert } from '../usage/budgetAlert.ts';
import { isFoundBy } from './customerFilter.ts';
import { listCustomers } from './customers.ts';
import type { HistoryContext } from './historyContext.ts';
import { type AskedRange, rangeUpToToday } from './latestDates.ts';

export interface BudgetAlertsQuery extends AskedRange {
  customerId?: string | undefined;
  /** ISO 4217. */
  currency?: string | undefined;
  /** A part of the name or the domain in any case, or of the id. */
  search?: string | undefined;
}

/**
 * The alerts that were raised, by the day of their figures and the time of raising; by default
 * those of the last 30 days.
 */
export async function readBudgetAlerts(
  { customerId, currency, search, ...asked }: BudgetAlertsQuery,
  context: HistoryContext,
): Promise<BudgetAlert[]> {
  const { stores, now, onUnreadable } = context;
  const range = { ...rangeUpToToday(asked, now()), customerId };
  const alerts = await Array.fromAsync(stores.budgetAlerts.listRaised(range, { onUnreadable }));
  const found = search === undefined ? undefined : await findCustomers(search, context);
  return alerts
    .filter((alert) => currency === undefined || alert.currency === currency)
    .filter(
      (alert) => search === undefined || isFoundBy(search, alert) || found?.has(alert.customerId),
    )
    .sort(compare);
}

/** The customers that a search finds in the latest day: alerts keep no domain. */
async function findCustomers(search: string, context: HistoryContext): Promise<Set<string>> {
  const { rows } = await listCustomers({ search }, context);
  return new Set(rows.map(({ customerId }) => customerId));
}

const texts = ['snapshotDate', 'raisedAt', 'customerId', 'kind'] as const;

function compare(one: BudgetAlert, other: BudgetAlert): number {
  const name = texts.find((each) => one[each] !== other[each]);
  if (name !== undefined) return one[name] < other[name] ? -1 : 1;
  return one.threshold - other.threshold;
}
