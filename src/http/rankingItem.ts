import * as z from 'zod';
import type { RankedRow } from '../usage/ledgerRow.ts';
import type { RecordedCost } from '../usage/recordedCost.ts';
import { component } from './component.ts';
import { costShape, detailShape, toCost, toDetails } from './figures.ts';
import { amount, count, id, toJsonNumber } from './jsonKind.ts';
import type { ShapeOf } from './shapeOf.ts';

type RankingShape = ShapeOf<RecordedCost> &
  ShapeOf<RankedRow, 'snapshotDate' | 'figures' | 'failure' | 'expectedCurrency' | 'cost'>;

export const rankingItem = component(
  'RankingItem',
  z
    .object({
      customerId: id,
      customerName: z.string(),
      ...costShape,
      dailyCost: amount(
        'What the day added; null where it has no news, or no run has ended since',
      ).nullable(),
      daysCovered: count('Days that the daily cost is for').nullable(),
      isStale: z
        .boolean()
        .meta({ description: "Whether figures of an earlier day's were shown" })
        .nullable(),
      ...detailShape,
    } satisfies RankingShape)
    .meta({ description: 'A customer on a day' }),
);

export function toRankingItem(row: RankedRow): z.infer<typeof rankingItem> {
  const { customerId, customerName, cost } = row;
  return {
    customerId,
    customerName,
    ...toCost(row),
    dailyCost: toJsonNumber(cost?.dailyCost),
    daysCovered: cost?.daysCovered ?? null,
    isStale: cost?.isStale ?? null,
    ...toDetails(row),
  };
}
