import * as z from 'zod';
import { readAzureSubscriptions } from '../history/azureSubscriptions.ts';
import type { AzureSubscriptionSnapshot } from '../usage/azureSubscriptionSnapshot.ts';
import { billingPeriodOf } from '../usage/billingPeriod.ts';
import { component } from './component.ts';
import { costShape, toCost } from './figures.ts';
import { formatParameter } from './format.ts';
import * as json from './jsonKind.ts';
import { date, guid } from './parameterKind.ts';
import { Problem } from './problem.ts';
import { columnsOf, type DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

type AzureSubscriptionShape = ShapeOf<
  AzureSubscriptionSnapshot,
  'snapshotDate' | 'runId' | 'customerId' | 'figures' | 'cost'
>;

const azureSubscriptionItem = component(
  'AzureSubscriptionItem',
  z
    .object({
      azureSubscriptionId: z.string().meta({
        description:
          'A GUID in lower case; `unassigned`, `meters` of a legacy subscription, or `rest`: what the records do not explain, of outcome `failed` where records and total are of different refreshes, `refused` where there are none',
      }),
      azureSubscriptionName: z.string().nullable(),
      subscriptionId: json.id.meta({ description: 'The plan, or legacy subscription' }),
      ...costShape,
      dailyCost: json.amount('What the day added').nullable(),
      daysCovered: json.count('Days that the daily cost is for').nullable(),
      isStale: z.boolean().meta({ description: "Whether an earlier day's records were shown" }),
      usdTotalCost: json.amount('The total cost in USD').nullable(),
      billingPeriodStart: json.date('First day').nullable(),
      billingPeriodEnd: json.date('The day after the last').nullable(),
      capturedAt: json.timestamp('When the row was recorded'),
    } satisfies AzureSubscriptionShape)
    .meta({ description: 'A part of the total of a plan on a day' }),
);

function toAzureSubscriptionItem(
  row: AzureSubscriptionSnapshot,
): z.infer<typeof azureSubscriptionItem> {
  const { figures, cost } = row;
  const period = figures && billingPeriodOf(figures);
  return {
    azureSubscriptionId: row.azureSubscriptionId,
    azureSubscriptionName: row.azureSubscriptionName ?? null,
    subscriptionId: row.subscriptionId,
    ...toCost(row),
    dailyCost: json.toJsonNumber(cost?.dailyCost),
    daysCovered: cost?.daysCovered ?? null,
    isStale: cost?.isStale ?? false,
    usdTotalCost: json.toJsonNumber(figures?.usdTotalCost),
    billingPeriodStart: period?.start ?? null,
    billingPeriodEnd: period?.end ?? null,
    capturedAt: row.capturedAt,
  };
}

const parameters = {
  customerId: guid("The customer's tenant"),
  date: date('Default: the latest day with a complete run').optional(),
  ...formatParameter,
};

export const azureSubscriptionsRoute: DataRoute<typeof parameters> = {
  name: 'listAzureSubscriptions',
  access: 'data',
  summary: "What the totals of a customer's plans consist of on a day",
  description:
    'The largest first. The items of a plan add up to its total, where its records and its total can be compared. The outcome is that of the customer; `missing` on a day without a row.',
  parameters,
  answer: component(
    'AzureSubscriptions',
    z.object({
      customerId: json.id,
      customerName: z.string(),
      date: json.date('The day of recording, UTC'),
      outcome: json.outcomeOrMissing,
      items: z.array(azureSubscriptionItem),
      continuation: z.null(),
    }),
  ),
  rows: [azureSubscriptionItem],
  async handle({ customerId, date: asked }, context) {
    const found = await readAzureSubscriptions({ customerId, date: asked }, context);
    if (found === undefined) throw new Problem(404, 'There was never a row of that customer.');
    const { items, ...head } = found;
    return {
      document: () => ({ ...head, items: items.map(toAzureSubscriptionItem), continuation: null }),
      rows: () => items.values().map(toAzureSubscriptionItem),
      columns: columnsOf(azureSubscriptionItem),
      fileName: `azure-subscriptions-${customerId}-${head.date}`,
    };
  },
};
