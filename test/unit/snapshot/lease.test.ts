import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import { Lease, LeaseLostError, type LeaseStore } from '../../../src/snapshot/lease.ts';
import { runSnapshot } from '../../../src/snapshot/snapshotRun.ts';
import { createMemoryStores } from '../../../src/storage/stores.ts';
import { collect, createNight, runOf } from '../../support/night.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const leaseMs = 60_000;

async function acquire(
  runId: string,
  options: { store: LeaseStore; clock: Clock },
): Promise<Lease> {
  const lease = await Lease.acquire(runId, { ...options, leaseMs });
  if (typeof lease === 'string') throw new Error(`expected the lease, ${lease} has it`);
  return lease;
}

describe('a lease', () => {
  it('is renewed as long as it is held, and frees its timer when given back', async () => {
    const clock = new VirtualClock();
    const store = createMemoryStores().lease;
    const lease = await acquire('run-1', { store, clock });
    await clock.advance(10 * leaseMs);
    expect(await store.acquire('run-2', clock.now(), clock.now() + leaseMs)).toBe('run-1');
    expect(() => lease.assertHeld()).not.toThrow();
    await lease.release();
    expect(clock.sleeping).toBe(0);
    expect(await store.acquire('run-2', clock.now(), clock.now() + leaseMs)).toBe('run-2');
  });

  it('stays given back when a renewal was under way', async () => {
    const clock = new VirtualClock();
    const { lease: store } = createMemoryStores();
    const slow = {
      acquire: (...args: Parameters<typeof store.acquire>) => store.acquire(...args),
      renew: async (...args: Parameters<typeof store.renew>) => {
        await clock.sleep(500);
        return store.renew(...args);
      },
      release: (runId: string) => store.release(runId),
    };
    const lease = await acquire('run-1', { store: slow, clock });
    await clock.advance(leaseMs / 3 + 100);
    await clock.run(lease.release());
    expect(await store.acquire('run-2', clock.now(), clock.now() + leaseMs)).toBe('run-2');
    expect(clock.sleeping).toBe(0);
  });

  it('outlasts a table that is out of reach for less than its time, and no longer', async () => {
    const clock = new VirtualClock();
    const { lease: store } = createMemoryStores();
    let isDown = false;
    const flaky = {
      acquire: (...args: Parameters<typeof store.acquire>) => store.acquire(...args),
      renew: (...args: Parameters<typeof store.renew>) =>
        isDown ? Promise.reject(new Error('503')) : store.renew(...args),
      release: (runId: string) => store.release(runId),
    };
    const lease = await acquire('run-1', { store: flaky, clock });
    isDown = true;
    await clock.advance(leaseMs - 1);
    lease.assertHeld();
    isDown = false;
    await clock.advance(leaseMs);
    lease.assertHeld();
    isDown = true;
    await clock.advance(2 * leaseMs);
    expect(lease.lost.aborted).toBe(true);
    expect(() => lease.assertHeld()).toThrow(LeaseLostError);
    expect(clock.sleeping).toBe(0);
  });

  it('is lost when another run has taken it', async () => {
    const clock = new VirtualClock();
    const store = createMemoryStores().lease;
    const lease = await acquire('run-1', { store, clock });
    await store.acquire('run-2', clock.now() + leaseMs, clock.now() + 10 * leaseMs);
    await clock.advance(leaseMs / 2);
    expect(lease.lost.reason).toBeInstanceOf(LeaseLostError);
  });

  it('is lost by a process that stood still for too long, before it writes again', async () => {
    const clock = new VirtualClock();
    const store = createMemoryStores().lease;
    let nowMs = clock.now();
    const frozen = { now: () => nowMs, sleep: () => new Promise<void>(() => {}) };
    const lease = await acquire('run-1', { store, clock: frozen });
    lease.assertHeld();
    nowMs += leaseMs;
    expect(() => lease.assertHeld()).toThrow(LeaseLostError);
  });
});

describe('two runs at once', () => {
  it('are one that works, and one that is told so and ends without an event', async () => {
    const night = createNight({ customers: 40 });
    const first = runSnapshot({ trigger: 'timer' }, night.context);
    const second = runSnapshot({ trigger: 'cli' }, night.context);
    const [one, other] = await night.clock.run(Promise.all([first, second]));
    if (one.isBusy) throw new Error('expected the first to work');
    expect(one.run.status).toBe('complete');
    expect(other).toEqual({ isBusy: true, runId: one.run.runId });
    const ended = night.events.filter(({ event }) => event.startsWith('snapshot.run'));
    expect(ended).toHaveLength(1);
    const range = { from: one.run.snapshotDate, to: one.run.snapshotDate };
    expect(await collect(night.stores.snapshotRuns.list(range))).toHaveLength(1);
  });

  it('come one after the other where the second waits', async () => {
    const night = createNight({ customers: 40 });
    const first = runSnapshot({ trigger: 'timer' }, night.context);
    const second = runSnapshot({ trigger: 'cli', isWaiting: true }, night.context);
    const [one, other] = await night.clock.run(Promise.all([first, second]));
    if (one.isBusy || other.isBusy) throw new Error('expected both to work');
    expect(other.run).toMatchObject({ status: 'complete', customersSkipped: 40 });
    expect(other.run.startedAt >= (one.run.finishedAt ?? '')).toBe(true);
  });

  it('do not wait for ever for a dead one: its lease runs out and its record is closed', async () => {
    const night = createNight({ customers: 40 });
    const { stores, clock } = night;
    const forEver = () => new Promise<never>(() => {});
    const dead = {
      ...night.context,
      clock: { now: clock.now, sleep: forEver },
      connect: (signal: AbortSignal, waitUntilMs: number) =>
        Object.assign(night.context.connect(signal, waitUntilMs), {
          async *listCustomerUsageRecords() {
            yield await forEver();
          },
        }),
    };
    runSnapshot({ trigger: 'timer' }, dead).catch(() => {});
    await clock.advance(30_000);
    expect(await night.run()).toMatchObject({ isBusy: true });
    await clock.advance(30_000);
    const run = await runOf(night.run());
    expect(run.status).toBe('complete');
    const runs = await collect(
      stores.snapshotRuns.list({ from: run.snapshotDate, to: run.snapshotDate }),
    );
    expect(runs.map(({ status }) => status)).toEqual(['failed', 'complete']);
    expect(runs[0]?.error).toContain('lease ran out');
  });
});
