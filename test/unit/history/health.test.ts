import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../src/history/health.ts';
import { createHistory, run } from '../../support/recorded.ts';

const now = '2026-03-20';

describe('health', () => {
  it('is good while a complete run ended at most 26 hours ago', async () => {
    const { stores, context } = createHistory(now);
    const finishedAt = '2026-03-19T10:00:00.000Z';
    await stores.snapshotRuns.upsert(run('2026-03-19', { finishedAt }));
    const health = await checkHealth(context);
    expect(health).toEqual({ isHealthy: true, latestCompleteDate: '2026-03-19', reasons: [] });
    const later = { ...context, now: () => context.now() + 1 };
    expect(await checkHealth(later)).toMatchObject({
      isHealthy: false,
      latestCompleteDate: '2026-03-19',
      reasons: [expect.stringContaining(finishedAt)],
    });
  });

  it('is not good for runs of one customer, nor for incomplete ones', async () => {
    const { stores, context } = createHistory(now);
    await stores.snapshotRuns.upsert(run(now, { scope: 'customer' }));
    await stores.snapshotRuns.upsert(run(now, { runId: 'b', status: 'partial' }));
    expect(await checkHealth(context)).toEqual({
      isHealthy: false,
      reasons: ['no complete run in the last 35 days'],
    });
  });

  it('is not good where the tables cannot be read, and says so to anybody', async () => {
    const { context } = createHistory(now);
    // biome-ignore lint/correctness/useYield: it fails before there is a row
    context.stores.snapshotRuns.list = async function* () {
      throw new Error('out of reach');
    };
    const { isHealthy, reasons } = await checkHealth(context);
    expect(isHealthy).toBe(false);
    // Anybody may read it: what went wrong is for the log.
    expect(reasons).toEqual(['the tables cannot be read']);
  });
});
