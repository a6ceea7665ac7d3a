import { type Amount, parseAmount } from '../usage/amount.ts';
import type { HistoryContext } from './historyContext.ts';
import { orNoRow } from './orNoRow.ts';

/**
 * The total of a plan or legacy subscription on a day; 0 where the customer had none of that id.
 *
 * @returns undefined where it is not known
 */
export async function readPlanTotal(
  { customerId, subscriptionId, date }: Record<'customerId' | 'subscriptionId' | 'date', string>,
  { stores: { usageByCustomer } }: HistoryContext,
): Promise<Amount | undefined> {
  const customer = await orNoRow(usageByCustomer.getCustomerSnapshot(customerId, date));
  if (customer?.outcome === 'noUsage') return parseAmount('0');
  const ids = customer?.subscriptionIds;
  if (ids === undefined) return undefined;
  if (!ids.includes(subscriptionId)) return parseAmount('0');
  const [plan] = await usageByCustomer.listSubscriptionSnapshots(
    customerId,
    [subscriptionId],
    date,
  );
  return plan?.figures?.totalCost ?? (plan?.outcome === 'noUsage' ? parseAmount('0') : undefined);
}
