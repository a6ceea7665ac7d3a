import * as z from 'zod';
import type { SubscriptionSnapshot } from '../usage/usageSnapshot.ts';
import { component } from './component.ts';
import { costShape, detailShape, toCost, toDetails } from './figures.ts';
import { id } from './jsonKind.ts';
import type { ShapeOf } from './shapeOf.ts';

type SubscriptionShape = ShapeOf<
  SubscriptionSnapshot,
  | ('resource' | 'snapshotDate' | 'runId' | 'customerId' | 'customerName' | 'figures' | 'failure')
  | ('raw' | 'isRawTruncated' | 'rawUsageRecord')
>;

export const subscriptionItem = component(
  'SubscriptionItem',
  z
    .object({
      subscriptionId: id,
      subscriptionName: z.string(),
      subscriptionStatus: z.string().nullable(),
      partnerOnRecord: z.string().nullable(),
      offerId: z.string().nullable(),
      ...costShape,
      ...detailShape,
    } satisfies SubscriptionShape)
    .meta({ description: 'A subscription or plan on a day' }),
);

export function toSubscriptionItem(row: SubscriptionSnapshot): z.infer<typeof subscriptionItem> {
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
