import * as z from 'zod';
import { rankCustomers, rankingOrders } from '../history/ranking.ts';
import type { RankedRow } from '../usage/ledgerRow.ts';
import type { RecordedCost } from '../usage/recordedCost.ts';
import { component } from './component.ts';
import { continuation, fromContinuation, toContinuation } from './continuation.ts';
import { costShape, detailShape, toCost, toDetails } from './figures.ts';
import { formatParameter } from './format.ts';
import * as json from './jsonKind.ts';
import { currency, date, oneOf, text, wholeNumber } from './parameterKind.ts';
import { columnsOf, type DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

// The domain is searched, not shown: the columns of the CSV are those of every row, old ones too.
type RankingShape = ShapeOf<RecordedCost, 'forecastTotalCost'> &
  ShapeOf<
    RankedRow,
    'snapshotDate' | 'figures' | 'failure' | 'expectedCurrency' | 'cost' | 'customerDomain'
  >;

const rankingItem = component(
  'RankingItem',
  z
    .object({
      customerId: json.id,
      customerName: z.string(),
      ...costShape,
      dailyCost: json
        .amount('What the day added; null where it has no news, or no run has ended since')
        .nullable(),
      daysCovered: json.count('Days that the daily cost is for').nullable(),
      isStale: z
        .boolean()
        .meta({ description: "Whether figures of an earlier day's were shown" })
        .nullable(),
      ...detailShape,
    } satisfies RankingShape)
    .meta({ description: 'A customer on a day' }),
);

function toRankingItem(row: RankedRow): z.infer<typeof rankingItem> {
  const { customerId, customerName, cost } = row;
  return {
    customerId,
    customerName,
    ...toCost(row),
    dailyCost: json.toJsonNumber(cost?.dailyCost),
    daysCovered: cost?.daysCovered ?? null,
    isStale: cost?.isStale ?? null,
    ...toDetails(row),
  };
}

const defaultTop = 100;

const parameters = {
  date: date('Default: the latest day with a complete run').optional(),
  orderBy: oneOf(rankingOrders, {
    description:
      'The largest first. Amounts of different currencies cannot be compared, so each currency is by itself; percentages can',
    default: 'totalCost',
  }).optional(),
  top: wholeNumber(1, 1000, {
    description: `Customers of a page; default ${defaultTop}, and all in CSV and NDJSON`,
  }).optional(),
  outcome: oneOf(json.outcome.options, { description: 'Only customers with it' }).optional(),
  currency: currency('ISO 4217: only customers billed in it').optional(),
  plan: oneOf(json.plan.options, { description: 'Only customers with figures of it' }).optional(),
  search: text(100, 'A part of the name or the domain in any case, or of the id').optional(),
  continuation: continuation(
    'What the page before gave, with otherwise the same parameters: all pages are of one day',
  ).optional(),
  ...formatParameter,
};

export const customersRoute: DataRoute<typeof parameters> = {
  name: 'listCustomers',
  access: 'data',
  summary: 'The customers of a day, the largest first',
  description:
    'While a run records the day, `complete` is false and `asOf` tells how far it has come. In CSV and NDJSON the next page, where `top` was given, is in the header Link.',
  parameters,
  answer: component(
    'Ranking',
    z.object({
      date: json.date('The day of recording, UTC'),
      complete: z.boolean().meta({ description: 'Whether a run has proved the day whole' }),
      asOf: json.timestamp("When the latest of the day's rows was recorded").nullable(),
      items: z.array(rankingItem),
      continuation: z.string().nullable(),
    }),
  ),
  rows: [rankingItem],
  async handle({ continuation: before, format, top, orderBy = 'totalCost', ...filters }, context) {
    const asked = { orderBy, ...filters };
    const { outcome, currency, search, plan } = filters;
    // Continuations of earlier versions, which knew no plan, stay valid.
    const terms = [orderBy, outcome, currency, search, ...(plan ? [plan] : [])];
    const ranking = await rankCustomers(
      {
        ...asked,
        ...(before !== undefined && fromContinuation(before, terms, filters.date)),
        top: top ?? (format === 'json' ? defaultTop : undefined),
      },
      context,
    );
    const { date, isWhole, asOf = null, rows, next } = ranking;
    const following = next && toContinuation(next, date, terms);
    return {
      document: () => ({
        date,
        complete: isWhole,
        asOf,
        items: rows.map(toRankingItem),
        continuation: following ?? null,
      }),
      rows: () => rows.values().map(toRankingItem),
      columns: columnsOf(rankingItem),
      fileName: `customers-${date}`,
      continuation: following,
    };
  },
};
