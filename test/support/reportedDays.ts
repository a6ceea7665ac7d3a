import Big from 'big.js';
import type { Stores } from '../../src/storage/createStores.ts';
import { type Amount, toAmount } from '../../src/usage/amount.ts';
import {
  type AzureSubscriptionSnapshot,
  restId,
} from '../../src/usage/azureSubscriptionSnapshot.ts';
import { addDays } from '../../src/usage/date.ts';
import type {
  CustomerSnapshot,
  SubscriptionSnapshot,
  UsageFigures,
} from '../../src/usage/usageSnapshot.ts';
import { subscription } from '../contract/snapshots.ts';
import { customerId, row } from './recorded.ts';

/** A billing period of a customer with the same cost each day, and how it is recorded. */
export interface SteadyPeriod {
  /** Its first day. */
  start: string;
  /** The day after its last. */
  end: string;
  /** Recorded days; by default from the day after its start to that after its last. */
  from?: string;
  to?: string;
  /** Dates without a row. */
  missing?: readonly string[];
  /** Cost of a day. */
  cost?: string;
  figures?: Partial<UsageFigures>;
  customer?: Partial<CustomerSnapshot>;
  /** Each has the same share of the cost, by its name. */
  subscriptions?: readonly string[];
  /** The Azure subscriptions of the first of them, by name, each with its part of 1 of the cost. */
  azureSubscriptions?: Readonly<Record<string, number>>;
  /** In place of the customer's, in rows of subscriptions. */
  subscriptionFigures?: Partial<UsageFigures>;
  /** The days with rows of the subscriptions; by default all. */
  subscriptionDays?: readonly string[];
}

/** Keeps the rows of a period, as nights would have. */
export async function keepPeriod(stores: Stores, period: SteadyPeriod): Promise<void> {
  const { start, end, from = addDays(start, 1), to = end, missing = [] } = period;
  for (let date = from; date <= to; date = addDays(date, 1)) {
    if (missing.includes(date)) continue;
    const rows = rowsOf(date, period);
    await stores.usageByCustomer.upsertCustomer(rows);
    const plan = rows.find((each) => each.resource === 'subscription');
    if (plan) await stores.usageByAzureSubscription.upsert(partsOf(plan, period));
  }
}

function partsOf(
  { customerId: ofCustomer, subscriptionId, figures, ...plan }: SubscriptionSnapshot,
  { azureSubscriptions = {} }: SteadyPeriod,
): AzureSubscriptionSnapshot[] {
  const { snapshotDate, capturedAt, runId } = plan;
  const head = { snapshotDate, capturedAt, runId, customerId: ofCustomer, subscriptionId };
  if (figures === undefined) throw new Error('expected figures');
  const { totalCost } = figures;
  const rows = Object.entries(azureSubscriptions).map(([name, share], index) => ({
    ...head,
    azureSubscriptionId: idOf(index),
    azureSubscriptionName: name,
    outcome: 'usage' as const,
    figures: { ...figures, totalCost: toAmount(new Big(totalCost).times(share)) },
  }));
  if (rows.length === 0) return [];
  return [...rows, { ...head, azureSubscriptionId: restId, outcome: 'failed' }];
}

function rowsOf(date: string, period: SteadyPeriod): (CustomerSnapshot | SubscriptionSnapshot)[] {
  const { start, end, cost = '20', subscriptions = [], subscriptionDays, customer } = period;
  const days = Math.round((Date.parse(date) - Date.parse(start)) / 86_400_000);
  const total = toAmount(new Big(cost).times(days));
  const { figures, ...own } = row(date, total, {
    figures: {
      billingStartDate: `${start}T00:00:00Z`,
      billingEndDate: `${end}T00:00:00Z`,
      ...period.figures,
    },
  });
  if (figures === undefined) throw new Error('expected figures');
  const { customerId: id = customerId, customerName: name = own.customerName } = customer ?? {};
  const isWithSubscriptions = subscriptionDays?.includes(date) ?? true;
  const share = toAmount(new Big(total).div(Math.max(1, subscriptions.length)));
  return [
    {
      ...own,
      resource: 'customer',
      figures,
      subscriptionIds: isWithSubscriptions ? subscriptions.map((_, index) => idOf(index)) : [],
      ...customer,
    },
    ...(isWithSubscriptions ? subscriptions : []).map((subscriptionName, index) =>
      subscription(index, {
        snapshotDate: date,
        customerId: id,
        customerName: name,
        subscriptionId: idOf(index),
        subscriptionName,
        figures: { ...figures, ...period.subscriptionFigures, totalCost: share as Amount },
      }),
    ),
  ];
}

/** The id of a subscription by its place in the list of names. */
export function idOf(index: number): string {
  return `b0000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}
