import { describe, expect, it } from 'vitest';
import { readMetrics } from '../../../src/history/metrics.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { SnapshotRun } from '../../../src/usage/snapshotRun.ts';
import { total } from '../../contract/snapshots.ts';
import { createHistory, row, run } from '../../support/recorded.ts';

/** Metrics at noon of a day, after these runs. */
async function metricsOf(today: string, ...runs: SnapshotRun[]) {
  const { stores, context } = createHistory(today);
  for (const [index, each] of runs.entries()) {
    await stores.snapshotRuns.upsert({ ...each, runId: `${each.startedAt} ${index}` });
  }
  return readMetrics(context);
}

describe('the sums of a month', () => {
  const of = (date: string, requests: number, change: Partial<SnapshotRun> = {}) =>
    run(date, { requests, throttled: requests / 10, ...change });

  it('count every run that has ended in it, whatever came of it', async () => {
    const { ofMonth } = await metricsOf(
      '2026-03-20',
      of('2026-02-28', 1000),
      of('2026-03-01', 100),
      of('2026-03-02', 20, { status: 'failed' }),
      of('2026-03-03', 30, { scope: 'customer' }),
    );
    expect(ofMonth).toEqual({ requests: 150, throttled: 15 });
  });

  it('count a run over midnight where it ends', async () => {
    const { ofMonth } = await metricsOf(
      '2026-03-01',
      of('2026-02-28', 50, { finishedAt: '2026-03-01T00:03:00.000Z' }),
    );
    expect(ofMonth).toEqual({ requests: 50, throttled: 5 });
  });

  it('begin again at 0, and know nothing before the first run ends', async () => {
    const { finishedAt: _, ...running } = of('2026-03-01', 10);
    const first = await metricsOf('2026-03-01', of('2026-02-28', 1000), running);
    expect(first.ofMonth).toEqual({ requests: 0, throttled: 0 });
    expect(await metricsOf('2026-03-01', running)).toEqual({ totals: [] });
  });
});

describe('the runs that are shown', () => {
  it('are the latest that ended, that proved its day complete, and that read the list', async () => {
    const { finishedAt: _, ...running } = run('2026-03-20', { durationMs: 4 });
    const { settledAt, lastRun, countedRun } = await metricsOf(
      '2026-03-20',
      run('2026-03-17', { customersRemaining: 0, durationMs: 1 }),
      run('2026-03-18', { status: 'partial', customersRemaining: 5, durationMs: 2 }),
      run('2026-03-19', { status: 'failed', durationMs: 3 }),
      run('2026-03-19', { scope: 'customer', durationMs: 5, customersRemaining: 0 }),
      running,
    );
    expect(settledAt).toBe('2026-03-17T03:00:00.000Z');
    expect(lastRun?.durationMs).toBe(3);
    expect(countedRun?.customersRemaining).toBe(5);
  });
});

describe('the age of the refresh token', () => {
  it('grows after the run that has found it', async () => {
    const { refreshTokenAgeDays } = await metricsOf(
      '2026-03-20',
      run('2026-03-18', { refreshTokenAgeDays: 2, finishedAt: '2026-03-18T00:00:00.000Z' }),
      run('2026-03-19'),
    );
    expect(refreshTokenAgeDays).toBe(4.5);
  });

  it('is not known where no run knew it', async () => {
    expect(await metricsOf('2026-03-20', run('2026-03-19'))).not.toHaveProperty(
      'refreshTokenAgeDays',
    );
  });
});

describe('the day that is shown', () => {
  /** What is shown of days with one customer and one total each. */
  async function shownOf(...runs: SnapshotRun[]) {
    const { stores, context } = createHistory('2026-03-20');
    for (const date of ['2026-03-18', '2026-03-19', '2026-03-20']) {
      await stores.usageByDay.upsertDay([row(date, '1')]);
      const totalCost = parseAmount('1');
      await stores.usageByCustomer.upsertTotals([total({ snapshotDate: date, totalCost })]);
    }
    for (const each of runs) await stores.snapshotRuns.upsert(each);
    const { totals, customers } = await readMetrics({ ...context, hasCustomerMetrics: true });
    const rows = await Array.fromAsync(customers ?? []);
    return [...totals, ...rows].map(({ snapshotDate }) => snapshotDate);
  }
  const twice = (date: string) => [date, date];

  it('is the latest complete one, while a later one is being recorded', async () => {
    const partial = run('2026-03-20', { status: 'partial' });
    expect(await shownOf(run('2026-03-18'), partial)).toEqual(twice('2026-03-18'));
  });

  it('is the latest recorded one where none was complete', async () => {
    const partial = run('2026-03-19', { status: 'partial' });
    expect(await shownOf(partial)).toEqual(twice('2026-03-19'));
  });

  it('is none before the first run has ended', async () => {
    const { finishedAt: _, ...running } = run('2026-03-20', { status: 'running' });
    expect(await shownOf(running)).toEqual([]);
  });
});
