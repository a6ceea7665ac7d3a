import * as z from 'zod';
import type { HistoryContext } from '../history/historyContext.ts';
import type { HistoryHead } from '../history/recordedDays.ts';
import {
  type HistoryItem,
  type HistoryQuery,
  readDailyHistory,
  readPeriodHistory,
} from '../history/resourceHistory.ts';
import { percentOf } from '../usage/amount.ts';
import { metersId, unassignedId } from '../usage/azureSubscriptionSnapshot.ts';
import type { PeriodItem } from '../usage/history.ts';
import type { Plan } from '../usage/plan.ts';
import { component } from './component.ts';
import { type FiguresShape, figuresShape } from './figures.ts';
import { formatParameter } from './format.ts';
import * as json from './jsonKind.ts';
import { date, guid, guidOr, oneOf } from './parameterKind.ts';
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

const azureSubscriptionParameters = {
  ...customerParameters,
  azureSubscriptionId: guidOr(
    [unassignedId, metersId],
    'The Azure subscription; `unassigned` for records that name none, `meters` for legacy ones',
  ),
};

const dailyItem = component(
  'DailyItem',
  z
    .object({
      date: json.date('The day of recording, UTC; figures are of use a day or so before'),
      outcome: json.outcomeOrMissing,
      totalCost: json.amount('The billing period so far; 0 without usage').nullable(),
      dailyCost: json
        .amount(
          'The difference to the last fresh snapshot of the same billing period; negative after a correction; null where the day has no news',
        )
        .nullable(),
      daysCovered: json.count('Days that the daily cost is for'),
      ...figuresShape,
      forecastTotalCost: json.amount("At the billing period's end, as of that day").nullable(),
      forecastLow: json.amount('In nine of ten cases the total is above').nullable(),
      forecastHigh: json.amount('and below').nullable(),
      isAnomaly: z.boolean().meta({
        description: 'Whether the daily cost is out of line; false also where nothing can be said',
      }),
      isStale: z.boolean().meta({ description: "Whether figures of an earlier day's were shown" }),
      billingPeriodStart: json.date('First day').nullable(),
      billingPeriodEnd: json.date('The day after the last').nullable(),
    } satisfies FiguresShape)
    .meta({ description: 'One day of a history' }),
);

function toDailyItem(item: HistoryItem): z.infer<typeof dailyItem> {
  const { date, outcome, daysCovered, isStale, figures, period, forecast, anomaly } = item;
  return {
    date,
    outcome,
    totalCost: json.toJsonNumber(item.totalCost),
    dailyCost: json.toJsonNumber(item.dailyCost),
    daysCovered,
    usdTotalCost: json.toJsonNumber(figures?.usdTotalCost),
    budgetAmount: json.toJsonNumber(figures?.budgetAmount),
    percentUsed: figures?.percentUsed ?? null,
    forecastTotalCost: json.toJsonNumber(forecast?.total),
    forecastLow: json.toJsonNumber(forecast?.low),
    forecastHigh: json.toJsonNumber(forecast?.high),
    isAnomaly: anomaly?.isAnomaly ?? false,
    isStale,
    billingPeriodStart: period?.start ?? null,
    billingPeriodEnd: period?.end ?? null,
  };
}

const periodItem = component(
  'PeriodItem',
  z
    .object({
      billingPeriodStart: json.date('First day'),
      billingPeriodEnd: json.date('The day after the last'),
      totalCost: json.amount('The last one recorded'),
      ...figuresShape,
      lastSnapshotDate: json.date('The last day with fresh figures'),
      isFinal: z.literal(false).meta({
        description: 'A closed period is never shown again, so up to two days of it may be missing',
      }),
    } satisfies FiguresShape)
    .meta({ description: 'A billing period as far as it was recorded' }),
);

function toPeriodItem({ figures, ...period }: PeriodItem): z.infer<typeof periodItem> {
  const { totalCost } = period;
  const percent = percentOf(totalCost, figures.budgetAmount);
  // After a correction to "no usage" the figures are those of an earlier day.
  const isTotalOfFigures = figures.totalCost === totalCost;
  return {
    billingPeriodStart: period.billingPeriodStart,
    billingPeriodEnd: period.billingPeriodEnd,
    totalCost: json.toJsonNumber(totalCost),
    usdTotalCost: isTotalOfFigures ? json.toJsonNumber(figures.usdTotalCost) : null,
    budgetAmount: json.toJsonNumber(figures.budgetAmount),
    percentUsed: percent?.round(2).toNumber() ?? null,
    lastSnapshotDate: period.lastSnapshotDate,
    isFinal: period.isFinal,
  };
}

const customerHead = { customerId: json.id, customerName: z.string() };
const subscriptionHead = { ...customerHead, subscriptionId: json.id, subscriptionName: z.string() };
const azureSubscriptionHead = {
  ...customerHead,
  azureSubscriptionId: json.azureSubscriptionId,
  azureSubscriptionName: z.string().optional(),
};

const seriesShape = { currency: json.currency.nullable(), plan: json.plan.nullable() };
const dailySeries = component('DailySeries', seriesOf(dailyItem));
const periodSeries = component('PeriodSeries', seriesOf(periodItem));
/** Rows are flat, so each has the fields of its series. */
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

export const azureSubscriptionHistoryRoute: DataRoute<typeof azureSubscriptionParameters> = {
  name: 'getAzureSubscriptionHistory',
  access: 'data',
  summary: "An Azure subscription's cost, day by day or by billing periods",
  description: `${description} An Azure subscription that moved to another plan has the costs of both.`,
  parameters: azureSubscriptionParameters,
  answer: historySchema('AzureSubscriptionHistory', azureSubscriptionHead),
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
  const { azureSubscriptionId, subscriptionId, customerId } = query;
  const fileName = `${interval}s-${azureSubscriptionId ?? subscriptionId ?? customerId}`;
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
