import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { createStoresOver, type Stores } from '../../src/storage/createStores.ts';
import type { EntityTable } from '../../src/storage/entityTable.ts';
import { leaseKeys } from '../../src/storage/keys.ts';
import { LeaseTableStore } from '../../src/storage/leaseTableStore.ts';
import { collect, run } from './snapshots.ts';
import { type StoreTables, tableMakers } from './tableMakers.ts';

describe.each(tableMakers())('runs %s', (_kind, makeTables) => {
  let tables: StoreTables;
  let stores: Stores;
  beforeEach(async () => {
    tables = await makeTables();
    stores = createStoresOver(tables);
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
    /** The lease as somebody finds it so much later by the service's clock. */
    const later = (ms: number) =>
      new LeaseTableStore(datedBy(tables.snapshotRuns, (date) => date + ms));
    const minute = 60;
    const minuteMs = 60_000;

    test('goes to the first who asks, and the others are told who has it', async () => {
      expect(await stores.lease.acquire('run-1', minute)).toBe('run-1');
      expect(await stores.lease.acquire('run-2', minute)).toBe('run-1');
    });

    test('goes to one alone of many who ask at once', async () => {
      const asking = Array.from({ length: 8 }, (_, index) => `run-${index}`);
      const owners = await Promise.all(asking.map((runId) => stores.lease.acquire(runId, minute)));
      expect(new Set(owners).size).toBe(1);
      expect(asking).toContain(owners[0]);
    });

    test('is taken again by its owner, as after an answer that was lost', async () => {
      await stores.lease.acquire('run-1', minute);
      expect(await stores.lease.acquire('run-1', minute)).toBe('run-1');
    });

    test('is free once the service has counted its time, no earlier, and the dead cannot renew it', async () => {
      await stores.lease.acquire('run-1', minute);
      expect(await later(minuteMs - 2_000).acquire('run-2', minute)).toBe('run-1');
      expect(await later(minuteMs + 1_000).acquire('run-2', minute)).toBe('run-2');
      expect(await stores.lease.renew('run-1', minute)).toBe(false);
    });

    test('stays with an owner who renews it', async () => {
      await stores.lease.acquire('run-1', minute);
      expect(await stores.lease.renew('run-1', 3 * minute)).toBe(true);
      expect(await later(2 * minuteMs).acquire('run-2', minute)).toBe('run-1');
    });

    test('is free at once when it is given back, by its owner alone', async () => {
      await stores.lease.acquire('run-1', minute);
      await stores.lease.release('run-2');
      expect(await stores.lease.acquire('run-2', minute)).toBe('run-1');
      await stores.lease.release('run-1');
      expect(await stores.lease.acquire('run-2', minute)).toBe('run-2');
    });

    test('stays given back when its owner comes late with a renewal', async () => {
      await stores.lease.acquire('run-1', minute);
      await stores.lease.release('run-1');
      expect(await stores.lease.renew('run-1', minute)).toBe(false);
      expect(await stores.lease.acquire('run-2', minute)).toBe('run-2');
    });

    test('of the version before is honoured, and free once it is over or given back', async () => {
      const former = (expiresAtMs: number) =>
        tables.snapshotRuns.upsert([
          { ...leaseKeys, runId: 'run-1', expiresAt: new Date(expiresAtMs).toISOString() },
        ]);
      await former(Date.now() + minuteMs);
      expect(await stores.lease.acquire('run-2', minute)).toBe('run-1');
      expect(await later(minuteMs + 1_000).acquire('run-2', minute)).toBe('run-2');
      await former(0);
      expect(await stores.lease.acquire('run-3', minute)).toBe('run-3');
    });

    test('is honoured by the version before, which goes by `expiresAt`', async () => {
      const expiresAt = async () => {
        const row = await tables.snapshotRuns.get(leaseKeys.partitionKey, leaseKeys.rowKey);
        return Date.parse(String(row?.['expiresAt']));
      };
      await stores.lease.acquire('run-1', minute);
      expect(Math.abs((await expiresAt()) - Date.now() - minuteMs)).toBeLessThan(30_000);
      await stores.lease.release('run-1');
      expect(await expiresAt()).toBe(0);
    });

    test('is taken neither early nor never where answers come without a date', async () => {
      const undated = new LeaseTableStore(datedBy(tables.snapshotRuns, () => undefined));
      expect(await undated.acquire('run-1', minute)).toBe('run-1');
      expect(await undated.acquire('run-2', minute)).toBe('run-1');
      expect(await undated.renew('run-1', 1)).toBe(true);
      await setTimeout(1_100);
      expect(await undated.acquire('run-2', minute)).toBe('run-2');
    });

    test('is no run', async () => {
      await stores.lease.acquire('run-1', minute);
      expect(
        await collect(stores.snapshotRuns.list({ from: '0001-01-01', to: '9999-12-31' })),
      ).toEqual([]);
    });
  });
});

/** A table whose answers have another date, or none. */
function datedBy(table: EntityTable, change: (dateMs: number) => number | undefined): EntityTable {
  return {
    name: table.name,
    upsert: (...args) => table.upsert(...args),
    upsertEach: (...args) => table.upsertEach(...args),
    insert: (...args) => table.insert(...args),
    replace: (...args) => table.replace(...args),
    get: (...args) => table.get(...args),
    list: (...args) => table.list(...args),
    async getDated(...args) {
      const { row, dateMs } = await table.getDated(...args);
      if (dateMs === undefined) throw new Error('expected a date, got none');
      const changed = change(dateMs);
      return { row, ...(changed !== undefined && { dateMs: changed }) };
    },
  };
}
