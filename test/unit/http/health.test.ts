import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { StorageError } from '../../../src/storage/storageError.ts';
import { run } from '../../contract/snapshots.ts';
import { createTestApi } from './testApi.ts';

/** The health at 05:00 on 14 March 2026. */
async function healthAfter(finishedAt: string, change: Parameters<typeof createTestApi>[0] = {}) {
  const api = createTestApi(change);
  await api.stores.snapshotRuns.upsert(run({ status: 'complete', finishedAt }));
  return { ...(await api.ask('health')), errors: api.errors };
}

describe('health', () => {
  test.each([
    ['2026-03-14T04:59:59.000Z', 200],
    ['2026-03-13T03:00:00.000Z', 200],
    ['2026-03-13T02:59:59.000Z', 503],
  ])(
    'after a complete run that ended at %s is %i: up to 26 hours are good',
    async (end, status) => {
      const answer = await healthAfter(end);
      expect(answer.status).toBe(status);
      expect(answer.json).toEqual({
        status: status === 200 ? 'healthy' : 'unhealthy',
        latestCompleteDate: '2026-03-14',
        reasons: status === 200 ? [] : [expect.stringContaining(`ended at ${end}`)],
      });
    },
  );

  test('without any complete run says so', async () => {
    const { status, json } = await createTestApi().ask('health');
    expect(status).toBe(503);
    expect(json).toEqual({
      status: 'unhealthy',
      latestCompleteDate: null,
      reasons: ['no complete run in the last 35 days'],
    });
  });

  test('with tables that cannot be read says that alone: hosts and keys are for the log', async () => {
    const error = new StorageError('ENOTFOUND', { table: 'SnapshotRuns' }, 'acme.table AccountKey');
    const api = createTestApi();
    const over = createTestApi({
      openHistory: async () => ({
        stores: {
          ...api.stores,
          snapshotRuns: {
            // biome-ignore lint/correctness/useYield: it fails before it has anything
            async *list() {
              throw error;
            },
          },
        },
        now: () => 0,
        minimumCost: 10,
        hasCustomerMetrics: false,
        onUnreadable: () => {},
      }),
    });
    const { status, json } = await over.ask('health');
    expect(status).toBe(503);
    expect(json.reasons).toEqual(['the tables cannot be read']);
    expect(over.errors).toEqual([error]);
  });

  test('with bad settings names them, though the tables can be read', async () => {
    const listBadSettings = () => ['PARTNER_CENTER_TENANT_ID', 'HTTP_AUTH'];
    const { status, json } = await healthAfter('2026-03-14T04:00:00.000Z', { listBadSettings });
    expect(status).toBe(503);
    expect(json.reasons).toEqual([
      'settings that are missing or not valid: PARTNER_CENTER_TENANT_ID, HTTP_AUTH',
    ]);
  });

  test('with settings that the storage cannot use names them, and no value', async () => {
    const problems = ['storage: Invalid AccountKey marked-value'];
    const { status, text, json } = await createTestApi({
      openHistory: () => Promise.reject(new ConfigurationError(problems)),
    }).ask('health');
    expect(status).toBe(503);
    expect(json.reasons).toEqual(['settings that are missing or not valid: SNAPSHOT_STORAGE']);
    expect(text).not.toContain('marked-value');
  });
});
