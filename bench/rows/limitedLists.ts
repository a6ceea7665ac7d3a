import type { BenchFigure, BenchRow } from '../row.ts';
import { describeThroughput, fullMinutes, sumOf } from '../support/minutes.ts';
import { formatCount } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';
import { ScaledPartner } from '../support/scaledPartner.ts';

/** Partner Center: API throttling guidance. Our budget is set to it as well. */
const limitPerMinute = 500;
const customers = 5_000;
const startMs = Date.parse('2026-03-10T02:30:00Z');

/**
 * The two lists with a documented limit, in a night without another bottleneck: the subscriptions
 * of each customer are read from one of them.
 */
export const limitedLists: BenchRow = {
  name: 'limited-lists',
  measure: () =>
    Processes.with(async (processes) => {
      const partner = new ScaledPartner(processes, {
        // With a customer's other requests, some 250 requests in a real second.
        factor: 10,
        customers,
        subscriptionsPerCustomer: 1,
        latencyMs: 100,
        limitSteps: [{ fromMs: 0, limits: { perMinute: limitPerMinute } }],
      });
      const { runs } = await partner.runTimer('nightly', startMs, {
        SNAPSHOT_STORAGE: await processes.startTables(),
        PARTNER_CENTER_REQUESTS_PER_MINUTE: String(limitPerMinute),
        SNAPSHOT_SUBSCRIPTION_DISCOVERY: 'subscriptions',
        // The tables in which it is renewed are not scaled.
        SNAPSHOT_LEASE_SECONDS: '600',
        SNAPSHOT_DEPTH: 'off',
      });
      return [describe(await partner.report(), runs[0]?.status)];
    }),
};

function describe(
  { minutes, meanLatencyMs }: Awaited<ReturnType<ScaledPartner['report']>>,
  status: string | undefined,
): BenchFigure {
  const full = fullMinutes(minutes);
  const share = sumOf(full, 'limitedAdmitted') / full.length / limitPerMinute;
  const throttled = sumOf(minutes, 'limitedThrottled');
  const answers = throttled + sumOf(minutes, 'limitedAdmitted');
  return {
    what: `the limited lists, limit and budget both ${limitPerMinute} a minute, ${formatCount(customers)} customers`,
    target: '≥ 0.95 of the limit, < 1 % answered 429',
    measured: describeThroughput(share, throttled, answers),
    isMet: share >= 0.95 && throttled < 0.01 * answers && status === 'complete',
    details: {
      status,
      share,
      answers,
      throttled,
      meanLatencyMs,
      admittedByMinute: minutes.map(({ limitedAdmitted }) => limitedAdmitted),
    },
  };
}
