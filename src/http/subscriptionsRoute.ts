import * as z from 'zod';
import { readSubscriptions } from '../history/subscriptions.ts';
import type { SubscriptionSnapshot } from '../usage/usageSnapshot.ts';
import { component } from './component.ts';
import { costShape, detailShape, toCost, toDetails } from './figures.ts';
import { formatParameter } from './format.ts';
import * as json from './jsonKind.ts';
import { date, guid } from './parameterKind.ts';
import { Problem } from './problem.ts';
import { columnsOf, type DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

type SubscriptionShape = ShapeOf<
  SubscriptionSnapshot,
  | ('resource' | 'snapshotDate' | 'runId' | 'customerId' | 'customerName' | 'figures' | 'failure')
  | ('raw' | 'isRawTruncated' | 'rawUsageRecord')
>;

const subscriptionItem = component(
  'SubscriptionItem',
  z
    .object({
      subscriptionId: json.id,
      subscriptionName: z.string(),
      subscriptionStatus: z.string().nullable(),
      partnerOnRecord: z.string().nullable(),
      offerId: z.string().nullable(),
      ...costShape,
      ...detailShape,
    } satisfies SubscriptionShape)
    .meta({ description: 'A subscription or plan on a day' }),
);

function toSubscriptionItem(row: SubscriptionSnapshot): z.infer<typeof subscriptionItem> {
  return {
    subscriptionId: row.subscriptionId,
    subscriptionName: row.subscriptionName,
    subscriptionStatus: row.subscriptionStatus ?? null,
    partnerOnRecord: row.partnerOnRecord ?? null,
    offerId: row.offerId ?? null,
    ...toCost(row),
    ...toDetails(row),
  };
}

const parameters = {
  customerId: guid("The customer's tenant"),
  date: date('Default: the latest day with a complete run').optional(),
  ...formatParameter,
};

export const subscriptionsRoute: DataRoute<typeof parameters> = {
  name: 'listSubscriptions',
  access: 'data',
  summary: "A customer's subscriptions and plans on a day",
  description: 'The outcome is that of the customer; `missing` on a day without a row.',
  parameters,
  answer: component(
    'Subscriptions',
    z.object({
      customerId: json.id,
      customerName: z.string(),
      date: json.date('The day of recording, UTC'),
      outcome: json.outcomeOrMissing,
      items: z.array(subscriptionItem),
      continuation: z.null(),
    }),
  ),
  rows: [subscriptionItem],
  async handle({ customerId, date: asked }, context) {
    const found = await readSubscriptions({ customerId, date: asked }, context);
    if (found === undefined) throw new Problem(404, 'There was never a row of that customer.');
    const { items, ...head } = found;
    return {
      document: () => ({ ...head, items: items.map(toSubscriptionItem), continuation: null }),
      rows: () => items.values().map(toSubscriptionItem),
      columns: columnsOf(subscriptionItem),
      fileName: `subscriptions-${customerId}-${head.date}`,
    };
  },
};
