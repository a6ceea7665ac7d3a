import * as z from 'zod';
import type { HistoryContext } from '../history/historyContext.ts';
import {
  type HistoryHead,
  type HistoryQuery,
  readDailyHistory,
  readPeriodHistory,
} from '../history/resourceHistory.ts';
import type { Plan } from '../usage/plan.ts';
import { component } from './component.ts';
import { dailyItem, toDailyItem } from './dailyItem.ts';
import { formatParameter } from './formatParameter.ts';
import { currency, id, plan } from './jsonKind.ts';
import { date, guid, oneOf } from './parameterKind.ts';
import { periodItem, toPeriodItem } from './periodItem.ts';
import { Problem } from './problem.ts';
import { columnsOf, type DataAnswer, type DataRoute } from './route.ts';
import type { Row } from './rows.ts';

const customerParameters = {
  customerId: guid("The customer's tenant"),
  from: date('First day; default: 30 days up to the last').optional(),
  to: date('Last day; default: the latest that was recorded').optional(),
  interval: oneOf(['day', 'period'], {
    description: 'An item a day, or one a billing period',
    default: 'day',
  }).optional(),
  ...formatParameter,
};

const subscriptionParameters = {
  ...customerParameters,
  subscriptionId: guid('The subscription, or that of the plan'),
};

const customerHead = { customerId: id, customerName: z.string() };
const subscriptionHead = { ...customerHead, subscriptionId: id, subscriptionName: z.string() };

const seriesShape = { currency: currency.nullable(), plan: plan.nullable() };
const dailySeries = component('DailySeries', seriesOf(dailyItem));
const periodSeries = component('PeriodSeries', seriesOf(periodItem));
/** Rows are flat, so that each says what series it is of. */
const dailyRow = component('DailyRow', z.object({ ...seriesShape, ...dailyItem.shape }));
const periodRow = component('PeriodRow', z.object({ ...seriesShape, ...periodItem.shape }));

const description =
  'Days from the first recorded on have an item each, one that was missed with the outcome `missing`. A new series begins where currency or plan changes.';

export const customerHistoryRoute: DataRoute<typeof customerParameters> = {
  name: 'getCustomerHistory',
  access: 'data',
  summary: "A customer's cost, day by day or by billing periods",
  description,
  parameters: customerParameters,
  answer: historySchema('CustomerHistory', customerHead),
  rows: [dailyRow, periodRow],
  handle: (parameters, context) => readHistory(parameters, context),
};

export const subscriptionHistoryRoute: DataRoute<typeof subscriptionParameters> = {
  name: 'getSubscriptionHistory',
  access: 'data',
  summary: "A subscription's or plan's cost, day by day or by billing periods",
  description,
  parameters: subscriptionParameters,
  answer: historySchema('SubscriptionHistory', subscriptionHead),
  rows: [dailyRow, periodRow],
  handle: (parameters, context) => readHistory(parameters, context),
};

function seriesOf<Item extends z.ZodType>(item: Item) {
  return z.object({ ...seriesShape, items: z.array(item) });
}

function historySchema(id: string, head: z.ZodRawShape): z.ZodType {
  const daily = z.object({ ...head, series: z.array(dailySeries) });
  const byPeriod = z.object({ ...head, series: z.array(periodSeries) });
  return component(id, z.union([daily, byPeriod]));
}

async function readHistory(
  { interval = 'day', ...query }: HistoryQuery & { interval?: 'day' | 'period' | undefined },
  context: HistoryContext,
): Promise<DataAnswer> {
  const fileName = `${interval}s-${query.subscriptionId ?? query.customerId}`;
  if (interval === 'day') {
    const history = await readDailyHistory(query, context);
    return { ...answerOf(history, toDailyItem), columns: columnsOf(dailyRow), fileName };
  }
  const history = await readPeriodHistory(query, context);
  return { ...answerOf(history, toPeriodItem), columns: columnsOf(periodRow), fileName };
}

type HistoryOf<Item> = HistoryHead & { series: (SeriesFacts & { items: Item[] })[] };
type SeriesFacts = { currency?: string; plan?: Plan };

function answerOf<Item>(
  history: HistoryOf<Item> | undefined,
  toItem: (item: Item) => Row,
): Pick<DataAnswer, 'document' | 'rows'> {
  if (history === undefined) throw new Problem(404, 'There was never a row of that id.');
  const { series, ...head } = history;
  return {
    document: () => ({
      ...head,
      series: series.map((one) => ({ ...factsOf(one), items: one.items.map(toItem) })),
    }),
    *rows() {
      for (const one of series) {
        const facts = factsOf(one);
        for (const item of one.items) yield { ...facts, ...toItem(item) };
      }
    },
  };
}

function factsOf({ currency, plan }: SeriesFacts) {
  return { currency: currency ?? null, plan: plan ?? null };
}
