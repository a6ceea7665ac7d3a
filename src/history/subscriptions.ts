import type { Outcome, SubscriptionSnapshot } from '../usage/usageSnapshot.ts';
import { findDay } from './day.ts';
import type { HistoryContext } from './historyContext.ts';
import { orNoRow } from './orNoRow.ts';

export interface SubscriptionsQuery {
  customerId: string;
  /** Default: the latest day with a complete run. */
  date?: string | undefined;
}

/** A customer's subscriptions and plans on a day. */
export interface CustomerSubscriptions {
  customerId: string;
  customerName: string;
  date: string;
  /** The customer's outcome on that day. */
  outcome: Outcome | 'missing';
  items: SubscriptionSnapshot[];
}

/** @returns undefined where the customer never had a row */
export async function readSubscriptions(
  { customerId, date: asked }: SubscriptionsQuery,
  context: HistoryContext,
): Promise<CustomerSubscriptions | undefined> {
  const { usageByCustomer } = context.stores;
  const date = asked ?? (await findDay(undefined, context)).date;
  const customer = await orNoRow(usageByCustomer.getCustomerSnapshot(customerId, date));
  if (customer === undefined) {
    const earlier = await usageByCustomer.findSnapshot({ customerId });
    if (earlier === undefined) return undefined;
    return { customerId, customerName: earlier.customerName, date, outcome: 'missing', items: [] };
  }
  const ids = customer.subscriptionIds ?? [];
  return {
    customerId,
    customerName: customer.customerName,
    date,
    outcome: customer.outcome,
    items: await usageByCustomer.listSubscriptionSnapshots(customerId, ids, date),
  };
}
