import { beforeEach, describe, expect, test } from 'vitest';
import { createStoresOver, type Stores } from '../../src/storage/stores.ts';
import { collect, run } from './snapshots.ts';
import { tableMakers } from './tableMakers.ts';

describe.each(tableMakers())('runs %s', (_kind, makeTables) => {
  let stores: Stores;
  beforeEach(async () => {
    stores = createStoresOver(await makeTables());
  });

  test('a run is stored when it starts and again when it ends', async () => {
    await stores.snapshotRuns.upsert(run());
    const ended = run({
      status: 'complete',
      finishedAt: '2026-03-14T03:01:00.000Z',
      durationMs: 1_860_000,
      customersRemaining: 0,
      error: "one of three failed: 'x' 😀",
    });
    await stores.snapshotRuns.upsert(ended);
    expect(await stores.snapshotRuns.get(ended.snapshotDate, ended.runId)).toStrictEqual(ended);
  });

  test('runs are listed by date and start time', async () => {
    const runs = [
      run({ snapshotDate: '2026-03-13', runId: '20260313T023000Z-1' }),
      run({ runId: '20260314T023000Z-1' }),
      run({ runId: '20260314T040000Z-2' }),
      run({ snapshotDate: '2026-03-15', runId: '20260315T023000Z-1' }),
    ];
    for (const each of runs.toReversed()) await stores.snapshotRuns.upsert(each);
    const listed = await collect(
      stores.snapshotRuns.list({ from: '2026-03-13', to: '2026-03-14' }),
    );
    expect(listed).toEqual(runs.slice(0, 3));
  });

  describe('the lease', () => {
    const nowMs = Date.parse('2026-03-14T02:30:00Z');
    const minuteMs = 60_000;

    test('goes to the first who asks, and the others are told who has it', async () => {
      expect(await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs)).toBe('run-1');
      expect(await stores.lease.acquire('run-2', nowMs + 1, nowMs + minuteMs)).toBe('run-1');
    });

    test('goes to one alone of many who ask at once', async () => {
      const asking = Array.from({ length: 8 }, (_, index) => `run-${index}`);
      const owners = await Promise.all(
        asking.map((runId) => stores.lease.acquire(runId, nowMs, nowMs + minuteMs)),
      );
      expect(new Set(owners).size).toBe(1);
      expect(asking).toContain(owners[0]);
    });

    test('is taken again by its owner, as after an answer that was lost', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      expect(await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs)).toBe('run-1');
    });

    test('is free once a dead owner has let it run out, and the dead cannot renew it', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      const laterMs = nowMs + minuteMs;
      expect(await stores.lease.acquire('run-2', laterMs, laterMs + minuteMs)).toBe('run-2');
      expect(await stores.lease.renew('run-1', laterMs + minuteMs)).toBe(false);
    });

    test('stays with an owner who renews it', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      expect(await stores.lease.renew('run-1', nowMs + 2 * minuteMs)).toBe(true);
      const laterMs = nowMs + minuteMs;
      expect(await stores.lease.acquire('run-2', laterMs, laterMs + minuteMs)).toBe('run-1');
    });

    test('is free at once when it is given back, by its owner alone', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      await stores.lease.release('run-2');
      expect(await stores.lease.acquire('run-2', nowMs, nowMs + minuteMs)).toBe('run-1');
      await stores.lease.release('run-1');
      expect(await stores.lease.acquire('run-2', nowMs, nowMs + minuteMs)).toBe('run-2');
    });

    test('is no run', async () => {
      await stores.lease.acquire('run-1', nowMs, nowMs + minuteMs);
      expect(
        await collect(stores.snapshotRuns.list({ from: '0001-01-01', to: '9999-12-31' })),
      ).toEqual([]);
    });
  });
});
