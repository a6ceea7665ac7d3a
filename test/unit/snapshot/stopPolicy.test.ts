import { describe, expect, it } from 'vitest';
import type { CallOptions } from '../../../src/callOptions.ts';
import { runSnapshot } from '../../../src/snapshot/snapshotRun.ts';
import { createStoresOver } from '../../../src/storage/createStores.ts';
import type { EntityTable } from '../../../src/storage/entityTable.ts';
import { MemoryTable } from '../../../src/storage/memoryTable.ts';
import type { TableName } from '../../../src/storage/tableNames.ts';
import { collect, createNight, runOf } from '../../support/night.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const minuteMs = 60_000;

describe('a run at its deadline', () => {
  it('takes no new customers, lets the open ones finish, and counts who is left', async () => {
    const night = createNight({
      customers: 600,
      latencyMs: 2000,
      settings: { deadlineMs: 2 * minuteMs },
    });
    const run = await runOf(night.run());
    expect(run.status).toBe('partial');
    expect(run.error).toContain('deadline');
    expect(run.customersListed).toBe(600);
    const captured = run.customersWithUsage + run.customersWithoutUsage;
    expect(captured).toBeGreaterThan(50);
    expect(run.customersRemaining).toBe(600 - captured);
    expect(run.customersFailed).toBe(0);
    expect(run.durationMs).toBeLessThan(2.5 * minuteMs);
    expect(night.clock.sleeping).toBe(0);

    let last = run;
    for (let runs = 0; runs < 20 && last.status !== 'complete'; runs++) {
      last = await runOf(night.run({ trigger: 'catchUp' }));
    }
    expect(last).toMatchObject({ status: 'complete', customersListed: 600, customersRemaining: 0 });
    expect(night.simulator.statistics.byRoute.customerSummary).toBe(600);
  });

  it('gives up what does not finish within its grace', async () => {
    const night = createNight({ customers: 40, settings: { deadlineMs: 2 * minuteMs } });
    const { context, clock } = night;
    const connect = (signal: AbortSignal) => {
      const getCustomerUsageSummary = async () => {
        await clock.sleep(60 * minuteMs, signal);
        return undefined;
      };
      return Object.assign(context.connect(signal, Number.POSITIVE_INFINITY), {
        getCustomerUsageSummary,
      });
    };
    const work = runSnapshot({ trigger: 'timer' }, { ...context, connect });
    const run = await runOf(clock.run(work));
    expect(run).toMatchObject({ status: 'partial', durationMs: 7 * minuteMs });
    expect(run.customersWithUsage).toBe(0);
    expect(night.clock.sleeping).toBe(0);
  });

  it('has no grace for what hangs before the first customer', async () => {
    const night = createNight({
      customers: 40,
      latencyMs: 60 * minuteMs,
      settings: { deadlineMs: 2 * minuteMs },
    });
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', durationMs: 2 * minuteMs });
    expect(run.error).toBe('stopped: the deadline');
    expect(run).not.toHaveProperty('customersRemaining');
    expect(night.clock.sleeping).toBe(0);
  });
});

describe('a run at the end of its UTC day', () => {
  it('takes no customer after 23:55 and writes no other date', async () => {
    const night = createNight({ customers: 600, latencyMs: 2000, start: '2026-03-10T23:53:00Z' });
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', snapshotDate: '2026-03-10' });
    expect(run.error).toContain('end of the UTC day');
    expect(run.customersRemaining).toBeGreaterThan(0);
    expect((run.finishedAt ?? '') < '2026-03-11').toBe(true);
    expect((await night.day('2026-03-11')).size).toBe(0);
    expect((await night.day('2026-03-10')).size).toBe(600 - (run.customersRemaining ?? 0));
  });
});

describe('a run whose process is to end', () => {
  it('writes its record within 5 seconds', async () => {
    const night = createNight({ customers: 600, latencyMs: 2000 });
    const abort = new AbortController();
    const work = runSnapshot({ trigger: 'timer', signal: abort.signal }, night.context);
    await night.clock.advance(30_000);
    abort.abort(new Error('SIGTERM'));
    const beganMs = night.clock.now();
    const run = await runOf(night.clock.run(work));
    expect(night.clock.now() - beganMs).toBeLessThanOrEqual(5_000);
    expect(run.status).toBe('partial');
    expect(run.error).toContain('process was to end');
    expect(run.customersWithUsage).toBeGreaterThan(0);
    const runs = night.stores.snapshotRuns.list({ from: run.snapshotDate, to: run.snapshotDate });
    expect(await collect(runs)).toEqual([run]);
    expect((await night.day()).size).toBe(run.customersWithUsage + run.customersWithoutUsage);
    expect(night.clock.sleeping).toBe(0);

    expect(await runOf(night.run())).toMatchObject({ status: 'complete' });
  });

  it('stores what was captured although the tables take their time', async () => {
    const clock = new VirtualClock();
    const tables = {
      usageByCustomer: new SlowTable('UsageByCustomer', clock, 2_800),
      usageByDay: new MemoryTable('UsageByDay', clock.now),
      usageByAzureSubscription: new MemoryTable('UsageByAzureSubscription', clock.now),
      snapshotRuns: new MemoryTable('SnapshotRuns', clock.now),
      budgetAlerts: new MemoryTable('BudgetAlerts', clock.now),
    };
    const stores = createStoresOver(tables);
    const night = createNight({ customers: 10, latencyMs: 100, clock, stores });
    const abort = new AbortController();
    const work = runSnapshot({ trigger: 'timer', signal: abort.signal }, night.context);
    tables.usageByCustomer.onUpsert = () => abort.abort(new Error('SIGTERM'));
    const run = await runOf(clock.run(work));
    expect(run.error).toContain('process was to end');
    expect((await night.day()).size).toBe(10);
  });

  it('before it began takes nobody', async () => {
    const night = createNight({ customers: 40 });
    const run = await runOf(night.run({ signal: AbortSignal.abort(new Error('SIGTERM')) }));
    expect(run.status).toBe('partial');
    expect((await night.day()).size).toBe(0);
  });
});

/** A table that takes a while for each write. */
class SlowTable extends MemoryTable {
  onUpsert: () => void = () => {};
  readonly #clock: VirtualClock;
  readonly #delayMs: number;

  constructor(name: string, clock: VirtualClock, delayMs: number) {
    super(name, clock.now);
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  override async upsert(...args: Parameters<EntityTable['upsert']>) {
    this.onUpsert();
    await this.#clock.sleep(this.#delayMs, args[1]?.abortSignal);
    return super.upsert(...args);
  }
}

/** A table that never answers one kind of call, from the first one on. */
class HangingTable extends MemoryTable {
  onHang: () => void = () => {};
  readonly #hanging: keyof EntityTable;

  constructor(name: string, now: () => number, hanging: keyof EntityTable) {
    super(name, now);
    this.#hanging = hanging;
  }

  override async upsert(...args: Parameters<EntityTable['upsert']>) {
    await this.#hang('upsert', args[1]);
    return super.upsert(...args);
  }

  override async insert(...args: Parameters<EntityTable['insert']>) {
    await this.#hang('insert', args[1]);
    return super.insert(...args);
  }

  override async replace(...args: Parameters<EntityTable['replace']>) {
    await this.#hang('replace', args[2]);
    return super.replace(...args);
  }

  override async getDated(...args: Parameters<EntityTable['getDated']>) {
    await this.#hang('getDated', args[2]);
    return super.getDated(...args);
  }

  override async *list(...args: Parameters<EntityTable['list']>) {
    await this.#hang('list', args[1]);
    yield* super.list(...args);
  }

  #hang(method: keyof EntityTable, { abortSignal }: CallOptions = {}): Promise<void> | undefined {
    if (method !== this.#hanging) return undefined;
    abortSignal?.throwIfAborted();
    this.onHang();
    return new Promise((_resolve, reject) => {
      abortSignal?.addEventListener('abort', () => reject(abortSignal.reason), { once: true });
    });
  }
}

describe('a run whose tables never answer', () => {
  it.each<[TableName, keyof EntityTable]>([
    ['SnapshotRuns', 'getDated'],
    ['SnapshotRuns', 'insert'],
    ['SnapshotRuns', 'replace'],
    ['SnapshotRuns', 'upsert'],
    ['SnapshotRuns', 'list'],
    ['UsageByCustomer', 'upsert'],
    ['UsageByCustomer', 'list'],
    ['UsageByDay', 'upsert'],
    ['UsageByDay', 'list'],
    ['BudgetAlerts', 'insert'],
    ['BudgetAlerts', 'list'],
  ])('ends within 5 seconds of being told to: %s, %s', async (name, method) => {
    const clock = new VirtualClock();
    const table = (each: TableName) =>
      each === name ? new HangingTable(each, clock.now, method) : new MemoryTable(each, clock.now);
    const tables = {
      usageByCustomer: table('UsageByCustomer'),
      usageByDay: table('UsageByDay'),
      usageByAzureSubscription: table('UsageByAzureSubscription'),
      snapshotRuns: table('SnapshotRuns'),
      budgetAlerts: table('BudgetAlerts'),
    };
    const night = createNight({
      customers: 100,
      latencyMs: 1_000,
      clock,
      stores: createStoresOver(tables),
    });
    const abort = new AbortController();
    let terminatedAtMs: number | undefined;
    for (const each of Object.values(tables)) {
      if (!(each instanceof HangingTable)) continue;
      each.onHang = () => {
        terminatedAtMs ??= clock.now();
        abort.abort(new Error('SIGTERM'));
      };
    }
    const work = runSnapshot({ trigger: 'timer', signal: abort.signal }, night.context);
    const text = await clock.run(work).then(
      (result) => (result.isBusy ? '' : result.run.error),
      (error: Error) => error.message,
    );
    expect(text).toContain('process was to end');
    expect(clock.now() - (terminatedAtMs ?? 0)).toBeLessThan(5_000);
    expect(clock.sleeping).toBe(0);
  });
});

describe('a run that lost its lease', () => {
  it('stops writing, its record included, and says so', async () => {
    const night = createNight({ customers: 600, latencyMs: 2000 });
    const work = runSnapshot({ trigger: 'timer' }, night.context);
    await night.clock.advance(30_000);
    const { lease, snapshotRuns } = night.stores;
    const [first] = await collect(snapshotRuns.list({ from: '2026-03-10', to: '2026-03-10' }));
    await lease.release(first?.runId ?? '');
    await lease.acquire('another run', 3_600);
    await night.clock.advance(60_000);
    const rows = (await night.day()).size;
    const run = await runOf(night.clock.run(work));
    expect(run.status).toBe('failed');
    expect(run.error).toContain('lost its lease');
    expect((await night.day()).size).toBe(rows);
    const runs = night.stores.snapshotRuns.list({ from: run.snapshotDate, to: run.snapshotDate });
    expect((await collect(runs)).map(({ status }) => status)).toEqual(['running']);
    expect(night.events.at(-1)).toMatchObject({ event: 'snapshot.run.failed' });
  });

  it('unawares, as its timers stood still, finds out before its next write', async () => {
    const night = createNight({ customers: 600, latencyMs: 2000 });
    const { clock } = night;
    const startedMs = clock.now();
    const sleep = (delayMs: number, signal?: AbortSignal) =>
      // No timer of the lease ever fires: neither its watch nor its renewals.
      clock.sleep(delayMs === 1_000 || delayMs > 18_000 ? 1e9 : delayMs, signal);
    const context = {
      ...night.context,
      clock: { now: clock.now, monotonicMs: clock.monotonicMs, sleep },
    };
    const run = await runOf(clock.run(runSnapshot({ trigger: 'timer' }, context)));
    expect(run.status).toBe('failed');
    expect(run.error).toContain('lost its lease');
    // Of the lease's minute the last 5 seconds are not the holder's.
    const heldMs = minuteMs - 5_000;
    expect(clock.now() - startedMs).toBeGreaterThan(heldMs);
    const rows = [...(await night.day()).values()];
    expect(rows.length).toBeGreaterThan(50);
    const latest = Math.max(...rows.map(({ capturedAt }) => Date.parse(capturedAt)));
    expect(latest).toBeLessThan(startedMs + heldMs);
  });
});
