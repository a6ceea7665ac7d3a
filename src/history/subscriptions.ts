import type { Outcome, SubscriptionSnapshot } from '../usage/usageSnapshot.ts';
import { findDay } from './day.ts';
import type { HistoryContext } from './historyContext.ts';
import { orNoRow } from './orNoRow.ts';

export interface SubscriptionsQuery {
  customerId: string;
  /** Default: the latest day with a complete run. */
  date?: string | undefined;
}

/** A customer on a day. */
export interface CustomerDay {
  customerId: string;
  customerName: string;
  date: string;
  /** The customer's outcome on that day. */
  outcome: Outcome | 'missing';
}

/** A customer's subscriptions and plans on a day. */
export interface CustomerSubscriptions extends CustomerDay {
  items: SubscriptionSnapshot[];
}

/** @returns undefined where the customer never had a row */
export async function readSubscriptions(
  query: SubscriptionsQuery,
  context: HistoryContext,
): Promise<CustomerSubscriptions | undefined> {
  const found = await findCustomerDay(query, context);
  if (found === undefined) return undefined;
  const { day, subscriptionIds } = found;
  const { usageByCustomer } = context.stores;
  const { customerId, date } = day;
  const items = await usageByCustomer.listSubscriptionSnapshots(customerId, subscriptionIds, date);
  return { ...day, items };
}

/** @returns undefined where the customer never had a row */
export async function findCustomerDay(
  { customerId, date: asked }: SubscriptionsQuery,
  context: HistoryContext,
): Promise<{ day: CustomerDay; subscriptionIds: string[] } | undefined> {
  const { usageByCustomer } = context.stores;
  const date = asked ?? (await findDay(undefined, context)).date;
  const customer = await orNoRow(usageByCustomer.getCustomerSnapshot(customerId, date));
  const named = customer ?? (await usageByCustomer.findSnapshot({ customerId }));
  if (named === undefined) return undefined;
  const { customerName } = named;
  return {
    day: { customerId, customerName, date, outcome: customer?.outcome ?? 'missing' },
    subscriptionIds: customer?.subscriptionIds ?? [],
  };
}
