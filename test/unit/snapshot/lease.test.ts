import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import { Lease, LeaseLostError, type LeaseStore } from '../../../src/snapshot/lease.ts';
import { runSnapshot } from '../../../src/snapshot/snapshotRun.ts';
import { createMemoryStores } from '../../../src/storage/createStores.ts';
import { collect, createNight, runOf } from '../../support/night.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const leaseMs = 60_000;
const minuteMs = 60_000;
/** The holder stops so long before others can take the lease. */
const marginMs = 5_000;

async function acquire(
  runId: string,
  options: { store: LeaseStore; clock: Clock; leaseMs?: number },
): Promise<Lease> {
  const lease = await Lease.acquire(runId, { leaseMs, ...options });
  if (typeof lease === 'string') throw new Error(`expected the lease, ${lease} has it`);
  return lease;
}

/** A clock, and a lease in tables that go by it. */
function createTables() {
  const clock = new VirtualClock();
  return { clock, store: createMemoryStores(clock.now).lease };
}

/** The same lease, renewed otherwise. */
function withRenewals(store: LeaseStore, renew: LeaseStore['renew']): LeaseStore {
  return {
    acquire: (...args) => store.acquire(...args),
    renew,
    release: (...args) => store.release(...args),
  };
}

const forEver = () => new Promise<never>(() => {});

/** As of a process whose wall clock is wrong by so much. */
function wrongBy(ms: number, clock: Clock): Clock {
  return { now: () => clock.now() + ms, monotonicMs: clock.monotonicMs, sleep: clock.sleep };
}

describe('a lease', () => {
  it('is renewed as long as it is held, and frees its timers when given back', async () => {
    const { clock, store } = createTables();
    const lease = await acquire('run-1', { store, clock });
    await clock.advance(10 * leaseMs);
    expect(await store.acquire('run-2', 60)).toBe('run-1');
    expect(() => lease.assertHeld()).not.toThrow();
    await lease.release();
    expect(clock.sleeping).toBe(0);
    expect(await store.acquire('run-2', 60)).toBe('run-2');
  });

  it('is given back without waiting for a renewal under way, and stays given back', async () => {
    const { clock, store } = createTables();
    let renewals = 0;
    const slow = withRenewals(store, async (runId, seconds) => {
      renewals++;
      await clock.sleep(500);
      return store.renew(runId, seconds);
    });
    const lease = await acquire('run-1', { store: slow, clock });
    await clock.advance(leaseMs / 3);
    expect(renewals).toBe(1);
    await lease.release();
    await clock.advance(500);
    expect(clock.sleeping).toBe(0);
    expect(await store.acquire('run-2', 60)).toBe('run-2');
  });

  it('that is given back is not lost by a renewal that comes too late', async () => {
    const { clock, store } = createTables();
    let answer: ((isHeld: boolean) => void) | undefined;
    const late = withRenewals(
      store,
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const lease = await acquire('run-1', { store: late, clock });
    await clock.advance(20_000);
    await lease.release();
    answer?.(false);
    await clock.advance(leaseMs);
    expect(lease.lost.aborted).toBe(false);
  });

  it('that is lost asks the tables nothing when it is given back', async () => {
    const { clock, store } = createTables();
    let releases = 0;
    const lost: LeaseStore = {
      ...withRenewals(store, async () => false),
      release: async () => void releases++,
    };
    const lease = await acquire('run-1', { store: lost, clock });
    await clock.advance(20_000);
    expect(lease.lost.aborted).toBe(true);
    await lease.release();
    expect(releases).toBe(0);
  });

  it('leaves no timer of a renewal behind that was answered', async () => {
    const { clock, store } = createTables();
    const lease = await acquire('run-1', { store, clock });
    const before = clock.sleeping;
    // Renewed three times within the time for which it is held.
    await clock.advance((leaseMs - marginMs) / 3 + 1);
    expect(clock.sleeping).toBe(before);
    await lease.release();
  });

  it('outlasts a table that is out of reach for less than its time, and no longer', async () => {
    const { clock, store } = createTables();
    let isDown = false;
    const flaky = withRenewals(store, (...args) =>
      isDown ? Promise.reject(new Error('503')) : store.renew(...args),
    );
    const lease = await acquire('run-1', { store: flaky, clock });
    isDown = true;
    await clock.advance(leaseMs - marginMs - 1);
    lease.assertHeld();
    expect(lease.lost.aborted).toBe(false);
    await clock.advance(1);
    expect(lease.lost.reason).toMatchObject({ code: 'LEASE_LOST', cause: new Error('503') });
    expect(() => lease.assertHeld()).toThrow(LeaseLostError);
    expect(clock.sleeping).toBe(0);
  });

  it.each([15, 60, 3600])('of %d s outlasts a renewal that hangs', async (seconds) => {
    const { clock, store } = createTables();
    let renewals = 0;
    const slow = withRenewals(store, (...args) =>
      ++renewals % 2 === 0 ? store.renew(...args) : abortable(args[2]?.abortSignal),
    );
    const lease = await acquire('run-1', { store: slow, clock, leaseMs: seconds * 1000 });
    await clock.advance(20 * seconds * 1000);
    expect(renewals).toBeGreaterThan(30);
    expect(() => lease.assertHeld()).not.toThrow();
    await lease.release();
    expect(clock.sleeping).toBe(0);
  });

  it('is lost to its holder seconds before another can take it', async () => {
    const { clock, store } = createTables();
    const lease = await acquire('run-1', { store: withRenewals(store, forEver), clock });
    let lostAtMs = 0;
    lease.lost.addEventListener('abort', () => {
      lostAtMs = clock.now();
    });
    const beganMs = clock.now();
    let owner = 'run-1';
    for (; owner === 'run-1'; await clock.advance(100)) owner = await store.acquire('run-2', 60);
    expect(lostAtMs - beganMs).toBe(leaseMs - marginMs);
    expect(clock.now() - lostAtMs).toBeGreaterThanOrEqual(marginMs);
  });

  it('that took long to come is counted from when it was asked for', async () => {
    const { clock, store } = createTables();
    const slow: LeaseStore = {
      ...withRenewals(store, forEver),
      acquire: async (...args) => {
        const owner = await store.acquire(...args);
        await clock.sleep(30_000);
        return owner;
      },
    };
    const lease = await clock.run(acquire('run-1', { store: slow, clock }));
    await clock.advance(leaseMs - marginMs - 30_000);
    expect(lease.lost.aborted).toBe(true);
  });

  it('is lost when another run has taken it', async () => {
    const { clock, store } = createTables();
    const lease = await acquire('run-1', { store, clock });
    await store.release('run-1');
    await store.acquire('run-2', 600);
    await clock.advance(leaseMs / 2);
    expect(lease.lost.reason).toBeInstanceOf(LeaseLostError);
  });

  it('is lost by a process that stood still for too long, before it writes again', async () => {
    const { clock, store } = createTables();
    const frozen = { now: clock.now, monotonicMs: clock.monotonicMs, sleep: forEver };
    const lease = await acquire('run-1', { store, clock: frozen });
    lease.assertHeld();
    await clock.advance(leaseMs - marginMs);
    expect(() => lease.assertHeld()).toThrow(LeaseLostError);
  });

  it.each([
    ['the wall clock alone went on', 10 * minuteMs, 0],
    ['the monotonic clock alone went on', 0, 10 * minuteMs],
    ['the wall clock was set back meanwhile', -10 * minuteMs, leaseMs],
  ])('is lost by a computer that was suspended, where %s', async (_name, wallMs, monotonicMs) => {
    const { clock, store } = createTables();
    let isAwake = false;
    const suspended: Clock = {
      now: () => clock.now() + (isAwake ? wallMs : 0),
      monotonicMs: () => clock.monotonicMs() + (isAwake ? monotonicMs : 0),
      sleep: clock.sleep,
    };
    const lease = await acquire('run-1', { store, clock: suspended });
    isAwake = true;
    expect(() => lease.assertHeld()).toThrow(LeaseLostError);
  });

  it('is found lost within a second of waking, though no timer of it had gone on', async () => {
    const { clock, store } = createTables();
    let suspendedMs = 0;
    const suspended = { ...wrongBy(0, clock), now: () => clock.now() + suspendedMs };
    const lease = await acquire('run-1', { store: withRenewals(store, forEver), clock: suspended });
    await clock.advance(30_000);
    suspendedMs = 10 * minuteMs;
    await clock.advance(1_000);
    expect(lease.lost.aborted).toBe(true);
  });
});

function abortable(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

describe('two processes whose clocks are five minutes apart', () => {
  it.each([
    ['the second’s is ahead', 0, 5],
    ['the second’s is behind', 0, -5],
    ['the first’s is ahead', 5, 0],
    ['the first’s is behind', -5, 0],
  ])('do not take each other’s lease: %s', async (_name, first, second) => {
    const night = createNight({ customers: 200, latencyMs: 2_000 });
    const { context, clock, stores } = night;
    const contextOf = (minutes: number) => ({
      ...context,
      clock: wrongBy(minutes * minuteMs, clock),
    });
    const work = runSnapshot({ trigger: 'timer' }, contextOf(first));
    const asked: unknown[] = [];
    for (let minute = 0; minute < 2; minute++) {
      await clock.advance(minuteMs / 2);
      asked.push(await runSnapshot({ trigger: 'cli' }, contextOf(second)));
    }
    const run = await runOf(clock.run(work));
    const { runId, snapshotDate } = run;
    expect(asked).toEqual([
      { isBusy: true, runId },
      { isBusy: true, runId },
    ]);
    expect(run.status).toBe('complete');
    expect(run).not.toHaveProperty('error');
    const runs = await collect(stores.snapshotRuns.list({ from: snapshotDate, to: snapshotDate }));
    expect(runs.map(({ error }) => error)).toEqual([undefined]);
  });

  it.each([5, -5])('come to a dead one’s lease when it is over, at %d minutes', async (minutes) => {
    const { clock, store } = createTables();
    const dead = { ...wrongBy(minutes * minuteMs, clock), sleep: forEver };
    await acquire('run-1', { store, clock: dead });
    await clock.advance(leaseMs - 1);
    expect(await store.acquire('run-2', 60)).toBe('run-1');
    await clock.advance(1_000);
    await acquire('run-2', { store, clock: wrongBy(-minutes * minuteMs, clock) });
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
    const dead = {
      ...night.context,
      clock: { ...wrongBy(0, clock), sleep: forEver },
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
