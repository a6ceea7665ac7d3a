import * as z from 'zod';
import { listMovers, type Mover, moverOrders } from '../history/movers.ts';
import { comparisons } from '../usage/movement.ts';
import { component } from './component.ts';
import { continuation, fromContinuation, toContinuation } from './continuation.ts';
import { formatParameter } from './format.ts';
import * as json from './jsonKind.ts';
import { currency, date, oneOf, text, wholeNumber } from './parameterKind.ts';
import { columnsOf, type DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

const moverItem = component(
  'MoverItem',
  z
    .object({
      customerId: json.id,
      customerName: z.string(),
      currency: json.currency,
      before: json.amount('The cost that it is compared with').nullable(),
      after: json
        .amount('The cost of the day, or of the period so far; null where none can be compared')
        .nullable(),
      change: json.amount('The difference; of `new` and `vanished` the whole cost').nullable(),
      percent: z
        .number()
        .meta({
          description: 'Change in percent of the cost before; null where that is not above 0',
        })
        .nullable(),
      kind: z.enum(['changed', 'new', 'vanished']).meta({
        description: 'Whether there is no row of the customer on the day before, or on the day',
      }),
    } satisfies ShapeOf<Mover>)
    .meta({ description: 'A customer whose cost in a currency moved between two days' }),
);

function toMoverItem(mover: Mover): z.infer<typeof moverItem> {
  return {
    customerId: mover.customerId,
    customerName: mover.customerName,
    currency: mover.currency,
    before: json.toJsonNumber(mover.before),
    after: json.toJsonNumber(mover.after),
    change: json.toJsonNumber(mover.change),
    percent: mover.percent,
    kind: mover.kind,
  };
}

const defaultTop = 100;

const parameters = {
  date: date('Default: the latest day with a complete run').optional(),
  against: oneOf(comparisons, {
    description:
      'What it is compared with: the day before, the same weekday of last week, or for the billing period so far the same day of the last one',
    default: 'day',
  }).optional(),
  orderBy: oneOf(moverOrders, {
    description:
      'The largest first, up or down. Amounts of different currencies cannot be compared, so each currency is by itself; percentages can',
    default: 'change',
  }).optional(),
  top: wholeNumber(1, 1000, {
    description: `Items of a page; default ${defaultTop}, and all in CSV and NDJSON`,
  }).optional(),
  currency: currency('ISO 4217: only costs in it').optional(),
  plan: oneOf(json.plan.options, {
    description: 'Only customers with figures of it, those that vanished by the day before',
  }).optional(),
  search: text(100, 'A part of the name or the domain in any case, or of the id').optional(),
  continuation: continuation(
    'What the page before gave, with otherwise the same parameters: all pages are of one day',
  ).optional(),
  ...formatParameter,
};

export const moversRoute: DataRoute<typeof parameters> = {
  name: 'listMovers',
  access: 'data',
  summary: 'Whose cost grew or fell, who is new and who vanished',
  description:
    'Only costs that are known and of equally many days are compared: stale and missed days, daily costs of several days, the first day of a billing period and a total that is still 0 in its first eight days move nothing.',
  parameters,
  answer: component(
    'Movers',
    z.object({
      date: json.date('The day of recording, UTC'),
      beforeDate: json.date('The day that it is compared with'),
      complete: z.boolean().meta({ description: 'Whether a run has proved the day whole' }),
      asOf: json.timestamp("When the latest of the day's rows was recorded").nullable(),
      items: z.array(moverItem),
      continuation: z.string().nullable(),
    }),
  ),
  rows: [moverItem],
  async handle({ continuation: given, format, top, ...asked }, context) {
    const { against = 'day', orderBy = 'change', currency, search, plan } = asked;
    const terms = ['movers', against, orderBy, currency, search, ...(plan ? [plan] : [])];
    const movers = await listMovers(
      {
        ...asked,
        against,
        orderBy,
        ...(given !== undefined && fromContinuation(given, terms, asked.date)),
        top: top ?? (format === 'json' ? defaultTop : undefined),
      },
      context,
    );
    const { date, beforeDate, isWhole, asOf = null, items, next } = movers;
    const following = next && toContinuation(next, date, terms);
    return {
      document: () => ({
        date,
        beforeDate,
        complete: isWhole,
        asOf,
        items: items.map(toMoverItem),
        continuation: following ?? null,
      }),
      rows: () => items.values().map(toMoverItem),
      columns: columnsOf(moverItem),
      fileName: `movers-${date}`,
      continuation: following,
    };
  },
};
