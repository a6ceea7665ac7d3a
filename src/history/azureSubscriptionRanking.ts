import { type AzureSubscriptionSnapshot, restId } from '../usage/azureSubscriptionSnapshot.ts';
import { isFoundBy } from './customerFilter.ts';
import { type Day, findDay } from './day.ts';
import type { HistoryContext } from './historyContext.ts';
import { type Placed, takePage } from './places.ts';

export const azureSubscriptionOrders = ['totalCost', 'dailyCost'] as const;
export type AzureSubscriptionOrder = (typeof azureSubscriptionOrders)[number];

export interface AzureSubscriptionRankingQuery {
  /** Default: the latest day with a complete run. */
  date?: string | undefined;
  orderBy: AzureSubscriptionOrder;
  /** ISO 4217. */
  currency?: string | undefined;
  /** A part of the customer's name or domain in any case, or of the id. */
  search?: string | undefined;
  /** Maximum of items. */
  top: number;
}

/** An Azure subscription of a plan on a day. */
export type RankedAzureSubscription = AzureSubscriptionSnapshot & { customerName: string };

export interface AzureSubscriptionRanking extends Day {
  items: RankedAzureSubscription[];
}

/**
 * The Azure subscriptions of all customers on a day, the largest first, each currency by itself. It
 * reads the day of all customers, which the table is not made for: it takes as long as an export.
 */
export async function rankAzureSubscriptions(
  { date: asked, orderBy, currency, search, top }: AzureSubscriptionRankingQuery,
  context: HistoryContext,
): Promise<AzureSubscriptionRanking> {
  const day = await findDay(asked, context);
  const { stores, onUnreadable } = context;
  const names = new Map<string, string>();
  for await (const row of stores.usageByDay.listRanking(day.date, { onUnreadable })) {
    if (search === undefined || isFoundBy(search, row)) names.set(row.customerId, row.customerName);
  }
  const placed: Placed<RankedAzureSubscription>[] = [];
  for await (const row of stores.usageByAzureSubscription.listDay(day.date, { onUnreadable })) {
    const { customerId, subscriptionId, azureSubscriptionId, figures, cost } = row;
    const customerName = names.get(customerId);
    if (customerName === undefined || azureSubscriptionId === restId || !figures) continue;
    if (currency !== undefined && figures.currency !== currency) continue;
    const value = orderBy === 'totalCost' ? figures.totalCost : cost?.dailyCost;
    placed.push({
      item: { ...row, customerName },
      place: {
        id: `${customerId}|${subscriptionId}|${azureSubscriptionId}`,
        currency: figures.currency,
        value: value === undefined ? undefined : Number(value),
      },
    });
  }
  return { ...day, items: takePage(placed, { top }).items };
}
