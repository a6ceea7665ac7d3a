import * as z from 'zod';
import { findResources, type Resource } from '../history/resources.ts';
import { component } from './component.ts';
import { formatParameter } from './format.ts';
import * as json from './jsonKind.ts';
import { date, guid, text, wholeNumber } from './parameterKind.ts';
import { Problem } from './problem.ts';
import { columnsOf, type DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

const resourceItem = component(
  'ResourceItem',
  z
    .object({
      subscriptionId: json.id.meta({ description: 'The plan, or legacy subscription' }),
      azureSubscriptionId: json.azureSubscriptionId,
      azureSubscriptionName: z.string().nullable(),
      resourceGroup: z.string().nullable(),
      resource: z.string(),
      type: z.string().nullable(),
      currency: json.currency,
      totalCost: json.amount('The billing period so far'),
    } satisfies ShapeOf<Resource>)
    .meta({ description: 'A resource of a plan, or a meter of a legacy subscription, on a day' }),
);

function toResourceItem(resource: Resource): z.infer<typeof resourceItem> {
  return {
    subscriptionId: resource.subscriptionId,
    azureSubscriptionId: resource.azureSubscriptionId,
    azureSubscriptionName: resource.azureSubscriptionName ?? null,
    resourceGroup: resource.resourceGroup ?? null,
    resource: resource.resource,
    type: resource.type ?? null,
    currency: resource.currency,
    totalCost: json.toJsonNumber(resource.totalCost),
  };
}

const defaultTop = 100;

const parameters = {
  customerId: guid("The customer's tenant"),
  date: date('Default: the latest day with a complete run').optional(),
  search: text(100, 'A part of the name in any case').optional(),
  top: wholeNumber(1, 1000, {
    description: `Items; default ${defaultTop}, and all in CSV and NDJSON`,
  }).optional(),
  ...formatParameter,
};

export const resourcesRoute: DataRoute<typeof parameters> = {
  name: 'listResources',
  access: 'data',
  summary: "A customer's resources on a day, by name",
  description:
    'The largest first, each currency by itself; none of plans whose records are not kept. The outcome is that of the customer; `missing` on a day without a row.',
  parameters,
  answer: component(
    'Resources',
    z.object({
      customerId: json.id,
      customerName: z.string(),
      date: json.date('The day of recording, UTC'),
      outcome: json.outcomeOrMissing,
      items: z.array(resourceItem),
      continuation: z.null(),
    }),
  ),
  rows: [resourceItem],
  async handle({ format, top, ...query }, context) {
    const limit = top ?? (format === 'json' ? defaultTop : undefined);
    const found = await findResources({ ...query, top: limit }, context);
    if (found === undefined) throw new Problem(404, 'There was never a row of that customer.');
    const { items, ...head } = found;
    return {
      document: () => ({ ...head, items: items.map(toResourceItem), continuation: null }),
      rows: () => items.values().map(toResourceItem),
      columns: columnsOf(resourceItem),
      fileName: `resources-${head.customerId}-${head.date}`,
    };
  },
};
