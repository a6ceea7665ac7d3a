import * as z from 'zod';
import { type CustomerChanges, readChanges } from '../history/changes.ts';
import { type Change, changeLevels } from '../usage/changes.ts';
import { comparisons } from '../usage/movement.ts';
import { component } from './component.ts';
import { formatParameter } from './format.ts';
import * as json from './jsonKind.ts';
import { date, guid, oneOf } from './parameterKind.ts';
import { Problem } from './problem.ts';
import { columnsOf, type DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

const changeItem = component(
  'ChangeItem',
  z
    .object({
      azureSubscriptionId: json.azureSubscriptionId.optional(),
      azureSubscriptionName: z.string().optional(),
      resourceGroup: z.string().optional(),
      resource: z
        .string()
        .meta({ description: 'Its name; of a legacy subscription that of a meter' })
        .optional(),
      type: z
        .string()
        .meta({
          description:
            'Such as `Microsoft.Compute/virtualMachines`; of a meter its category and subcategory',
        })
        .optional(),
      before: json.amount('Its part of the cost that is compared with'),
      after: json.amount('Its part of the cost of the day, or of the period so far'),
      change: json.amount('The difference'),
    } satisfies ShapeOf<Change>)
    .meta({
      description:
        'What moved. A cost that is tied to no resource or group names only what it belongs to',
    }),
);

function toChangeItem({ before, after, change, ...part }: Change): z.infer<typeof changeItem> {
  return {
    ...part,
    before: json.toJsonNumber(before),
    after: json.toJsonNumber(after),
    change: json.toJsonNumber(change),
  };
}

const parameters = {
  customerId: guid("The customer's tenant"),
  date: date('Default: the latest day with a complete run').optional(),
  against: oneOf(comparisons, {
    description: 'What it is compared with, as movers are',
    default: 'day',
  }).optional(),
  by: oneOf(changeLevels, {
    description:
      'What the change is split by; default: `resource` where the records of the days are kept, else `azureSubscription`',
  }).optional(),
  ...formatParameter,
};

export const changesRoute: DataRoute<typeof parameters> = {
  name: 'getChanges',
  access: 'data',
  summary: "What caused a change of a customer's cost",
  description:
    'The largest change first, up or down. With `unexplained` the items add up exactly to `change`, which is that of the movers: null, without items, where the costs of the two days cannot be compared.',
  parameters,
  answer: component(
    'Changes',
    z.object({
      customerId: json.id,
      date: json.date('The day of recording, UTC'),
      against: z.enum(comparisons),
      currency: json.currency.nullable(),
      before: json.amount('The cost that it is compared with').nullable(),
      after: json.amount('The cost of the day, or of the period so far').nullable(),
      change: json.amount('The difference; of a new customer the whole cost').nullable(),
      items: z.array(changeItem),
      unexplained: json
        .amount('What is left of the change, as no records tell what it is')
        .nullable(),
    } satisfies ShapeOf<CustomerChanges>),
  ),
  rows: [changeItem],
  async handle({ customerId, date: asked, against = 'day', by }, context) {
    const found = await readChanges({ customerId, date: asked, against, by }, context);
    if (found === undefined) throw new Problem(404, 'There was never a row of that customer.');
    const { before, after, change, items, unexplained, ...head } = found;
    return {
      document: () => ({
        ...head,
        before: json.toJsonNumber(before),
        after: json.toJsonNumber(after),
        change: json.toJsonNumber(change),
        items: items.map(toChangeItem),
        unexplained: json.toJsonNumber(unexplained),
      }),
      rows: () => items.values().map(toChangeItem),
      columns: columnsOf(changeItem),
      fileName: `changes-${customerId}-${head.date}`,
    };
  },
};
