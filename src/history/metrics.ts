import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import { utcDateOf } from '../usage/date.ts';
import type { RankedRow } from '../usage/ledgerRow.ts';
import { present } from '../usage/present.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { HistoryContext } from './historyContext.ts';
import { latestDatesOf, listRecentRuns } from './latestDates.ts';

const dayMs = 24 * 60 * 60_000;

/** What a monitoring system is shown, of the last five weeks. What is not known is absent. */
export interface Metrics {
  /** When the latest run that proved its day complete ended, ISO 8601. */
  settledAt?: string;
  /** The latest run of all customers that has ended. */
  lastRun?: SnapshotRun;
  /** The latest of them that read the list of customers to its end. */
  countedRun?: SnapshotRun;
  /** Sums over the runs that have ended since the month began, UTC. */
  ofMonth?: { requests: number; throttled: number };
  /** Age that the stored refresh token has now, by the latest run that knew it. */
  refreshTokenAgeDays?: number;
  /** Of the latest complete day; where there is none, of the latest that was recorded. */
  totals: CurrencyTotal[];
  /** The customers of that day; absent where the settings do not ask for them. */
  customers?: AsyncIterable<RankedRow>;
}

export async function readMetrics(context: HistoryContext): Promise<Metrics> {
  const nowMs = context.now();
  const runs = await listRecentRuns(context);
  const { complete, completedAt, recorded } = latestDatesOf(runs);
  const ended = runs.filter(({ finishedAt }) => finishedAt !== undefined);
  const ofAll = ended.filter(({ scope }) => scope === 'all');
  return {
    ...present({
      settledAt: completedAt,
      lastRun: ofAll.at(-1),
      countedRun: ofAll.findLast(({ customersRemaining }) => customersRemaining !== undefined),
      ofMonth: ended.length === 0 ? undefined : sumMonth(ended, nowMs),
      refreshTokenAgeDays: ageAt(nowMs, ended),
    }),
    ...(await readDay(complete ?? recorded, context)),
  };
}

/**
 * A sum over a month can only grow until the next month begins: a counter with a known reset.
 */
function sumMonth(ended: readonly SnapshotRun[], nowMs: number) {
  const month = utcDateOf(nowMs).slice(0, 'yyyy-MM'.length);
  const sum = { requests: 0, throttled: 0 };
  for (const { finishedAt, requests, throttled } of ended) {
    if (!finishedAt?.startsWith(month)) continue;
    sum.requests += requests;
    sum.throttled += throttled;
  }
  return sum;
}

/** A token grows older after the run that looked at it. */
function ageAt(nowMs: number, ended: readonly SnapshotRun[]): number | undefined {
  const run = ended.findLast(({ refreshTokenAgeDays }) => refreshTokenAgeDays !== undefined);
  if (run?.refreshTokenAgeDays === undefined || run.finishedAt === undefined) return undefined;
  const sinceDays = Math.max(0, nowMs - Date.parse(run.finishedAt)) / dayMs;
  return run.refreshTokenAgeDays + sinceDays;
}

async function readDay(
  date: string | undefined,
  { stores, onUnreadable, hasCustomerMetrics }: HistoryContext,
): Promise<Pick<Metrics, 'totals' | 'customers'>> {
  if (date === undefined) return { totals: [] };
  const range = { from: date, to: date };
  const totals = await Array.fromAsync(stores.usageByCustomer.listTotals(range, { onUnreadable }));
  if (!hasCustomerMetrics) return { totals };
  return { totals, customers: stores.usageByDay.listRanking(date, { onUnreadable }) };
}
