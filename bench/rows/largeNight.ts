import { readSchedules } from '../../src/config/registration.ts';
import { computeNextRun } from '../../src/config/schedule.ts';
import type { BenchFigure, BenchRow } from '../row.ts';
import { formatCount, formatMegabytes, formatSeconds } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';
import type { Timer, TimerResult } from '../support/scaledNightProcess.ts';
import { ScaledPartner } from '../support/scaledPartner.ts';

const customers = 100_000;
const subscriptionsPerCustomer = 3;
/** Partner Center: API throttling guidance. Our budget is the default, a little less. */
const limitPerMinute = 500;
const startOfDayMs = Date.parse('2026-03-10T00:00:00Z');
const endOfDayMs = Date.parse('2026-03-11T00:00:00Z');
/** Each run reads the same lists, but garbage collection differs. */
const largestGrowth = 1.25;

interface Run extends TimerResult {
  timer: Timer;
  /** By the clock. */
  startMs: number;
  realMs: number;
}

/**
 * A night that takes longer than one run: the deadline ends the nightly run, and the catch-up
 * continues hour by hour, each in a separate process, until the day is complete. It uses the
 * slowest discovery, by the list of each customer's subscriptions, which has a limit.
 */
export const largeNight: BenchRow = {
  name: 'large-night',
  measure: () =>
    Processes.with(async (processes) => {
      const partner = new ScaledPartner(processes, {
        // As fast as two cores allow: nearly 1,250 requests in a real second.
        factor: 30,
        customers,
        subscriptionsPerCustomer,
        latencyMs: 100,
        limitSteps: [{ fromMs: 0, limits: { perMinute: limitPerMinute } }],
      });
      const runs = await runDay(partner, {
        SNAPSHOT_STORAGE: await processes.startTables(),
        SNAPSHOT_SUBSCRIPTION_DISCOVERY: 'subscriptions',
        // The tables in which it is renewed are not scaled.
        SNAPSHOT_LEASE_SECONDS: '600',
        SNAPSHOT_DEPTH: 'off',
      });
      return [describeNight(runs, await partner.report()), describeMemory(runs)];
    }),
};

/** The runs of the timers on one day, up to the one that completes it. */
async function runDay(partner: ScaledPartner, settings: Record<string, string>): Promise<Run[]> {
  const { schedule, catchUpSchedule } = readSchedules({});
  const runs: Run[] = [];
  let timer: Timer = 'nightly';
  let startMs = computeNextRun(schedule, startOfDayMs) ?? endOfDayMs;
  while (startMs < endOfDayMs) {
    const realStartMs = performance.now();
    const result = await partner.runTimer(timer, startMs, settings);
    const run = { timer, startMs, realMs: performance.now() - realStartMs, ...result };
    runs.push(run);
    report(run);
    if (lastOf(run)?.status === 'complete') break;
    timer = 'catchUp';
    startMs = computeNextRun(catchUpSchedule, result.endedAtMs) ?? endOfDayMs;
  }
  return runs;
}

function report(run: Run): void {
  const { status, customersWithUsage } = lastOf(run) ?? {};
  process.stderr.write(
    `  ${run.timer} at ${new Date(run.startMs).toISOString()}: ${status} with ` +
      `${customersWithUsage} customers, ${formatSeconds(run.realMs)}, ` +
      `${formatMegabytes(run.peakBytes)}\n`,
  );
}

function describeNight(
  runs: readonly Run[],
  { customersAsked, customersAskedTwice }: Awaited<ReturnType<ScaledPartner['report']>>,
): BenchFigure {
  const snapshots = runs.flatMap((run) => run.runs);
  const last = snapshots.at(-1);
  const requests = snapshots.reduce((sum, run) => sum + run.requests, 0);
  const subscriptions = snapshots.reduce((sum, run) => sum + run.subscriptionsCaptured, 0);
  const minutes = snapshots.reduce((sum, run) => sum + (run.durationMs ?? 0), 0) / 60_000;
  const realMs = runs.reduce((sum, run) => sum + run.realMs, 0);
  const isWhole =
    last?.customersWithUsage === customers &&
    subscriptions === customers * subscriptionsPerCustomer;
  return {
    what: `a night of ${formatCount(customers)} customers with ${subscriptionsPerCustomer} subscriptions, limit ${limitPerMinute} a minute`,
    target: 'complete, no customer asked for twice',
    measured: `${last?.status} with run ${snapshots.length}, ${customersAskedTwice} asked for twice`,
    isMet: last?.status === 'complete' && isWhole && customersAskedTwice === 0,
    details: {
      customersAsked,
      customersAskedTwice,
      subscriptions,
      requests,
      retries: snapshots.reduce((sum, run) => sum + run.retries, 0),
      minutes,
      realMs,
      runs: runs.map(detailsOf),
    },
  };
}

function describeMemory(runs: readonly Run[]): BenchFigure {
  const peaks = runs.map(({ peakBytes }) => peakBytes);
  const growth = Math.max(...peaks) / (peaks[0] ?? Number.NaN);
  return {
    what: 'peak memory of its runs, one after the other',
    target: `≤ ${largestGrowth} × that of the first`,
    measured: `${growth.toFixed(2)} × (${peaks.map(formatMegabytes).join(', ')})`,
    isMet: growth <= largestGrowth,
    details: { peaks },
  };
}

function detailsOf(run: Run) {
  const last = lastOf(run);
  return {
    timer: run.timer,
    startedAt: last?.startedAt,
    durationMs: last?.durationMs,
    status: last?.status,
    customersWithUsage: last?.customersWithUsage,
    customersSkipped: last?.customersSkipped,
    requests: last?.requests,
    realMs: run.realMs,
    peakBytes: run.peakBytes,
  };
}

function lastOf({ runs }: TimerResult) {
  return runs.at(-1);
}
