import Big from 'big.js';
import { type Amount, toAmount } from '../usage/amount.ts';
import type { AzureSubscriptionSnapshot } from '../usage/azureSubscriptionSnapshot.ts';
import { present } from '../usage/present.ts';
import { readResourceRecord } from '../usage/resourceRecord.ts';
import type { UsageFigures } from '../usage/usageSnapshot.ts';
import { readAzureSubscriptions } from './azureSubscriptions.ts';
import type { HistoryContext } from './historyContext.ts';
import { type Placed, takePage } from './places.ts';
import type { CustomerDay, SubscriptionsQuery } from './subscriptions.ts';

export interface ResourcesQuery extends SubscriptionsQuery {
  /** A part of the name in any case. */
  search?: string | undefined;
  /** Maximum of items; default: all. */
  top?: number | undefined;
}

/** A resource of a plan, or a meter of a legacy subscription, on a day. */
export interface Resource {
  /** The plan, or legacy subscription. */
  subscriptionId: string;
  azureSubscriptionId: string;
  azureSubscriptionName?: string;
  resourceGroup?: string;
  resource: string;
  type?: string;
  /** ISO 4217. */
  currency: string;
  /** The billing period so far. */
  totalCost: Amount;
}

export interface CustomerResources extends CustomerDay {
  /** The largest first, each currency by itself. */
  items: Resource[];
}

/** @returns undefined where the customer never had a row */
export async function findResources(
  query: ResourcesQuery,
  context: HistoryContext,
): Promise<CustomerResources | undefined> {
  const found = await readAzureSubscriptions(query, context);
  if (found === undefined) return undefined;
  const { items: rows, ...ofCustomer } = found;
  const { customerId, date } = ofCustomer;
  const placed: Placed<Resource>[] = [];
  for (const [subscriptionId, ofPlan] of Map.groupBy(rows, (row) => row.subscriptionId)) {
    const day = { customerId, subscriptionId, snapshotDate: date };
    const figures = ofPlan.find((row) => row.figures)?.figures;
    const lines = figures && (await context.stores.usageDetails.readLines(day));
    if (!lines) continue;
    const ofDay = { subscriptionId, figures, names: namesOf(ofPlan), search: query.search };
    for (const [id, { cost, ...resource }] of await addUp(lines, ofDay)) {
      placed.push({
        item: { ...resource, totalCost: toAmount(cost) },
        place: { id, currency: figures.currency, value: cost.toNumber() },
      });
    }
  }
  return { ...ofCustomer, items: takePage(placed, query).items };
}

function namesOf(rows: readonly AzureSubscriptionSnapshot[]): Map<string, string | undefined> {
  return new Map(
    rows.map(({ azureSubscriptionId, azureSubscriptionName }) => [
      azureSubscriptionId,
      azureSubscriptionName,
    ]),
  );
}

interface PlanDay {
  subscriptionId: string;
  figures: UsageFigures;
  names: ReadonlyMap<string, string | undefined>;
  search: string | undefined;
}

type Sum = Omit<Resource, 'totalCost'> & { cost: Big };

/** The resources whose names are searched, under the first of their spellings. */
async function addUp(
  lines: AsyncIterable<string>,
  { subscriptionId, figures, names, search = '' }: PlanDay,
): Promise<Map<string, Sum>> {
  const sums = new Map<string, Sum>();
  const part = search.toLowerCase();
  for await (const line of lines) {
    const record = readResourceRecord(line, figures);
    const { resource } = record ?? {};
    if (!record || resource === undefined || !resource.toLowerCase().includes(part)) continue;
    const { totalCost, resourceId, azureSubscriptionId, resourceGroup, type } = record;
    const id = `${subscriptionId}|${azureSubscriptionId}|${resourceId}`;
    const known = sums.get(id);
    if (known) {
      known.cost = known.cost.plus(totalCost);
      continue;
    }
    const azureSubscriptionName = names.get(azureSubscriptionId);
    const place = { azureSubscriptionId, azureSubscriptionName, resourceGroup, resource, type };
    const { currency } = figures;
    sums.set(id, { ...present({ subscriptionId, ...place, currency }), cost: new Big(totalCost) });
  }
  return sums;
}
