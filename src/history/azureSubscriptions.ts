import Big from 'big.js';
import type { AzureSubscriptionSnapshot } from '../usage/azureSubscriptionSnapshot.ts';
import type { HistoryContext } from './historyContext.ts';
import { type CustomerDay, findCustomerDay, type SubscriptionsQuery } from './subscriptions.ts';

/** A customer's Azure subscriptions on a day. */
export interface CustomerAzureSubscriptions extends CustomerDay {
  /**
   * The largest first; of a plan, they and its rest add up to its total, where records and total
   * can be compared.
   */
  items: AzureSubscriptionSnapshot[];
}

/** @returns undefined where the customer never had a row */
export async function readAzureSubscriptions(
  query: SubscriptionsQuery,
  context: HistoryContext,
): Promise<CustomerAzureSubscriptions | undefined> {
  const found = await findCustomerDay(query, context);
  if (found === undefined) return undefined;
  const { customerId, date } = found.day;
  const { stores, onUnreadable } = context;
  const range = { customerId, from: date, to: date };
  const items = await Array.fromAsync(
    stores.usageByAzureSubscription.list(range, { onUnreadable }),
  );
  const costOf = ({ figures }: AzureSubscriptionSnapshot) => new Big(figures?.totalCost ?? 0);
  return { ...found.day, items: items.sort((one, other) => costOf(other).cmp(costOf(one))) };
}
