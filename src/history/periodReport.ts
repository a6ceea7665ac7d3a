import { isUnreadableRow } from '../errors.ts';
import { forEachBounded } from '../forEachBounded.ts';
import type { AzureSubscriptionSnapshot } from '../usage/azureSubscriptionSnapshot.ts';
import { addDays, type DateRange } from '../usage/date.ts';
import { computeDailyCosts, type DailyItem } from '../usage/history.ts';
import { present } from '../usage/present.ts';
import type { RecordedDay } from '../usage/recordedDay.ts';
import type { CustomerSnapshot, ResourceId } from '../usage/usageSnapshot.ts';
import type { HistoryContext } from './historyContext.ts';
import { listAzureSubscriptions } from './reportedAzureSubscriptions.ts';
import {
  assignDays,
  assignSubscriptions,
  computePeriodsOf,
  type ReportedPeriod,
  type SubscriptionPeriod,
  toReportedPeriod,
} from './reportedPeriod.ts';
import { readDailyHistory } from './resourceHistory.ts';

/** What was recorded of a customer's billing periods that start in one month. */
export interface PeriodReport {
  customerId: string;
  customerName: string;
  customerDomain?: string;
  /** `yyyy-MM` */
  month: string;
  periods: ReportedPeriod[];
  /** Days of the month that name no billing period and lie in none of these. */
  otherDays: DailyItem[];
  /** How many subscriptions and plans have no figures of these periods, as they could not be read. */
  subscriptionsWithoutFigures: number;
}

export interface PeriodReportQuery {
  customerId: string;
  /** `yyyy-MM` */
  month: string;
}

/** East of UTC a period is shown from the day before it starts. */
const daysBefore = 1;
/** A period that starts on the last day of a month, and the days after its end with its figures. */
const daysAfter = 70;
/** Reads of rows and ranges in flight at a time. */
const readConcurrency = 16;

/** @returns undefined where the customer never had a row */
export async function readPeriodReport(
  { customerId, month }: PeriodReportQuery,
  context: HistoryContext,
): Promise<PeriodReport | undefined> {
  const first = `${month}-01`;
  const range = { from: addDays(first, -daysBefore), to: addDays(first, daysAfter) };
  const history = await readDailyHistory({ customerId, ...range }, context);
  if (history === undefined) return undefined;
  const items = history.series.flatMap((series) => series.items);
  const periods = computePeriodsOf(month, items).map(toReportedPeriod);
  const others = assignDays(items, periods);
  const otherDays = others.filter(({ date }) => date.startsWith(month));
  const days = [...periods.flatMap((period) => period.days), ...otherDays];
  const snapshots = await readSnapshots(customerId, days, context);
  const ids = new Set(snapshots.flatMap(({ subscriptionIds = [] }) => subscriptionIds));
  const report: PeriodReport = {
    customerId,
    customerName: history.customerName,
    ...present({
      customerDomain: snapshots.findLast((each) => each.customerDomain)?.customerDomain,
    }),
    month,
    periods,
    otherDays,
    subscriptionsWithoutFigures: 0,
  };
  const azureSubscriptions = await readAzureSubscriptions(customerId, range, context);
  const lines: SubscriptionPeriod[] = [];
  await forEachBounded(ids, readConcurrency, async (id) => {
    const rows = await readSubscription({ customerId, subscriptionId: id }, range, context);
    const own = computePeriodsOf(month, computeDailyCosts(rows));
    const subscription = {
      subscriptionId: id,
      subscriptionName: rows.at(-1)?.subscriptionName ?? id,
    };
    const below = azureSubscriptions.get(id) ?? [];
    for (const period of own) {
      const parts = listAzureSubscriptions(period, below);
      lines.push({ ...period, ...subscription, azureSubscriptions: parts });
    }
    if (own.length === 0 && rows.some(isUnread)) report.subscriptionsWithoutFigures++;
  });
  // In an order that does not depend on which was read first.
  lines.sort((one, other) => (one.subscriptionId < other.subscriptionId ? -1 : 1));
  assignSubscriptions(lines, periods);
  return report;
}

function readSubscription(
  { customerId, subscriptionId }: ResourceId,
  range: DateRange,
  { stores, onUnreadable }: HistoryContext,
): Promise<RecordedDay[]> {
  const query = { subscriptionId, ...range };
  return Array.fromAsync(stores.usageByCustomer.listHistory(customerId, query, { onUnreadable }));
}

/** @returns the rows of each plan */
async function readAzureSubscriptions(
  customerId: string,
  range: DateRange,
  { stores, onUnreadable }: HistoryContext,
): Promise<Map<string, AzureSubscriptionSnapshot[]>> {
  const query = { customerId, ...range };
  const rows = stores.usageByAzureSubscription.list(query, { onUnreadable });
  return Map.groupBy(await Array.fromAsync(rows), ({ subscriptionId }) => subscriptionId);
}

function isUnread({ outcome }: RecordedDay): boolean {
  return outcome === 'failed' || outcome === 'refused';
}

/** The customer's rows of recorded days, by date: they name its subscriptions. */
async function readSnapshots(
  customerId: string,
  days: readonly DailyItem[],
  { stores, onUnreadable }: HistoryContext,
): Promise<CustomerSnapshot[]> {
  const found: CustomerSnapshot[] = [];
  const dates = days.filter(({ outcome }) => outcome !== 'missing').map(({ date }) => date);
  await forEachBounded(dates, readConcurrency, async (date) => {
    try {
      const snapshot = await stores.usageByCustomer.getCustomerSnapshot(customerId, date);
      if (snapshot) found.push(snapshot);
    } catch (error) {
      if (!isUnreadableRow(error)) throw error;
      onUnreadable(error);
    }
  });
  return found.sort((one, other) => (one.snapshotDate < other.snapshotDate ? -1 : 1));
}
