import {
  azureSubscriptionHistoryRoute,
  customerHistoryRoute,
  subscriptionHistoryRoute,
} from '../http/historyRoutes.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Row } from '../http/rows.ts';
import { quote } from '../text.ts';
import { checkRange } from './arguments.ts';
import { drawChart } from './chart.ts';
import { findRecorded } from './customerName.ts';
import {
  type DataFormat,
  describeCover,
  printAnswer,
  toNumber,
  toPercent,
  toText,
} from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type Column, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface HistoryOptions {
  subscription?: string;
  azureSubscription?: string;
  from?: string;
  to?: string;
  interval: 'day' | 'period';
  format: 'table' | 'chart' | DataFormat;
  json?: boolean;
}

/** The trend of a customer, or of one of its subscriptions, plans or Azure subscriptions. */
export async function history(
  customer: string,
  { subscription, azureSubscription, json, ...options }: HistoryOptions,
): Promise<ExitCode> {
  checkRange(options);
  const { from, to, interval } = options;
  const format = json ? 'json' : options.format;
  const context = openRecordedHistory();
  const customerId = await findRecorded(customer, context);
  const query = { customerId, from, to, interval, format: 'json' } as const;
  const answer =
    azureSubscription !== undefined
      ? await azureSubscriptionHistoryRoute.handle(
          { ...query, azureSubscriptionId: azureSubscription },
          context,
        )
      : subscription !== undefined
        ? await subscriptionHistoryRoute.handle({ ...query, subscriptionId: subscription }, context)
        : await customerHistoryRoute.handle(query, context);
  if (format === 'table' || format === 'chart') print(describeHistory(answer, interval, format));
  else await printAnswer(answer, format);
  return exitCodes.done;
}

/** A history as a table or a chart for each series. */
export function describeHistory(
  answer: DataAnswer,
  interval: 'day' | 'period',
  format: 'table' | 'chart',
): string {
  const head = answer.document();
  const names = ['customerName', 'subscriptionName', 'azureSubscriptionName'].flatMap((name) =>
    name in head ? [quote(String(head[name as keyof typeof head]))] : [],
  );
  const bySeries = Map.groupBy(answer.rows(), ({ currency, plan }) =>
    currency === null ? 'no figures' : `${currency}, ${plan}`,
  );
  const parts = [...bySeries].map(([series, rows]) =>
    [series, format === 'chart' ? chartOf(rows, interval) : tableOf(rows, interval)].join('\n'),
  );
  return [names.join(', '), ...(parts.length > 0 ? parts : ['nothing in this range'])].join('\n\n');
}

function tableOf(rows: readonly Row[], interval: 'day' | 'period'): string {
  return formatTable(interval === 'day' ? dayColumns : periodColumns, rows);
}

const dayColumns: readonly Column<Row>[] = [
  { heading: 'date', value: 'date' },
  { heading: 'total cost', value: 'totalCost', kind: 'number' },
  { heading: 'daily cost', value: 'dailyCost', kind: 'number' },
  { heading: 'of budget', value: ({ percentUsed }) => toPercent(percentUsed), kind: 'number' },
  { heading: 'forecast', value: 'forecastTotalCost', kind: 'number', spare: 1 },
  { heading: 'between', value: betweenOf, kind: 'number', spare: 2 },
  { heading: 'note', value: noteOf },
];

const periodColumns: readonly Column<Row>[] = [
  { heading: 'from', value: 'billingPeriodStart' },
  { heading: 'to before', value: 'billingPeriodEnd' },
  { heading: 'total cost', value: 'totalCost', kind: 'number' },
  { heading: 'of budget', value: ({ percentUsed }) => toPercent(percentUsed), kind: 'number' },
  { heading: 'last recorded', value: 'lastSnapshotDate' },
];

function chartOf(rows: readonly Row[], interval: 'day' | 'period'): string {
  const bars = rows.map((row) =>
    interval === 'day'
      ? { label: toText(row['date']), value: costPerDay(row), note: chartNoteOf(row) }
      : { label: toText(row['billingPeriodStart']), value: toNumber(row['totalCost']), note: '' },
  );
  return drawChart(bars, process.stdout.columns ?? 100);
}

/** Spread over the days covered, so that a day after missed ones does not look like a rise. */
function costPerDay({ dailyCost, daysCovered }: Row): number | undefined {
  const cost = toNumber(dailyCost);
  return cost === undefined ? undefined : cost / Math.max(1, Number(daysCovered));
}

function betweenOf({ forecastLow, forecastHigh }: Row): string {
  return toNumber(forecastLow) === undefined
    ? ''
    : `${toText(forecastLow)} – ${toText(forecastHigh)}`;
}

/** The bar of a day of several is their average. */
function chartNoteOf(row: Row): string {
  return noteOf(row, 'average ');
}

/** Notes on a day that is unlike others. */
function noteOf({ date, outcome, isAnomaly, isStale, daysCovered }: Row, average = ''): string {
  const cover = describeCover(date, daysCovered);
  const notes = [
    cover && average + cover,
    outcome === 'usage' ? '' : String(outcome),
    isStale ? 'stale' : '',
    isAnomaly ? 'anomaly' : '',
  ];
  return notes.filter((note) => note !== '').join(', ');
}
