import { customerHistoryRoute, subscriptionHistoryRoute } from '../http/historyRoutes.ts';
import type { DataAnswer } from '../http/route.ts';
import type { Row } from '../http/rows.ts';
import { quote } from '../text.ts';
import { checkRange } from './arguments.ts';
import { drawChart } from './chart.ts';
import { findRecorded } from './customerName.ts';
import {
  type DataFormat,
  formatRows,
  printAnswer,
  type TableColumn,
  toNumber,
  toPercent,
  toText,
} from './dataAnswer.ts';
import { openRecordedHistory } from './recordedHistory.ts';
import { type ExitCode, exitCodes, print } from './terminal.ts';

export interface HistoryOptions {
  subscription?: string;
  from?: string;
  to?: string;
  interval: 'day' | 'period';
  format: 'table' | 'chart' | DataFormat;
  json?: boolean;
}

/** The trend of a customer, or of one of its subscriptions or plans. */
export async function history(
  customer: string,
  { subscription, json, ...options }: HistoryOptions,
): Promise<ExitCode> {
  checkRange(options);
  const { from, to, interval } = options;
  const format = json ? 'json' : options.format;
  const context = openRecordedHistory();
  const customerId = await findRecorded(customer, context);
  const query = { customerId, from, to, interval, format: 'json' } as const;
  const answer =
    subscription === undefined
      ? await customerHistoryRoute.handle(query, context)
      : await subscriptionHistoryRoute.handle({ ...query, subscriptionId: subscription }, context);
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
  const names = ['customerName', 'subscriptionName'].flatMap((name) =>
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
  return formatRows(rows, interval === 'day' ? dayColumns : periodColumns);
}

const dayColumns: readonly TableColumn[] = [
  { heading: 'date', value: 'date' },
  { heading: 'total cost', value: 'totalCost', isNumber: true },
  { heading: 'daily cost', value: 'dailyCost', isNumber: true },
  { heading: 'of budget', value: ({ percentUsed }) => toPercent(percentUsed), isNumber: true },
  { heading: 'forecast', value: 'forecastTotalCost', isNumber: true },
  { heading: 'between', value: betweenOf, isNumber: true },
  { heading: '', value: noteOf },
];

const periodColumns: readonly TableColumn[] = [
  { heading: 'from', value: 'billingPeriodStart' },
  { heading: 'to before', value: 'billingPeriodEnd' },
  { heading: 'total cost', value: 'totalCost', isNumber: true },
  { heading: 'of budget', value: ({ percentUsed }) => toPercent(percentUsed), isNumber: true },
  { heading: 'last recorded', value: 'lastSnapshotDate' },
];

function chartOf(rows: readonly Row[], interval: 'day' | 'period'): string {
  const bars = rows.map((row) =>
    interval === 'day'
      ? { label: toText(row['date']), value: costPerDay(row), note: noteOf(row) }
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

/** Notes on a day that is unlike others. */
function noteOf({ outcome, isAnomaly, isStale, daysCovered }: Row): string {
  const notes = [
    Number(daysCovered) > 1 ? `of ${daysCovered} days` : '',
    outcome === 'usage' ? '' : String(outcome),
    isStale ? 'stale' : '',
    isAnomaly ? 'anomaly' : '',
  ];
  return notes.filter((note) => note !== '').join(', ');
}
