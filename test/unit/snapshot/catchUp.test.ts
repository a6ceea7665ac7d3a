import { describe, expect, it } from 'vitest';
import { computeNextRun } from '../../../src/config/schedule.ts';
import { runCatchUp } from '../../../src/snapshot/catchUp.ts';
import { createStoresOver } from '../../../src/storage/createStores.ts';
import { MemoryTable } from '../../../src/storage/memoryTable.ts';
import { createNight, type Night, runOf } from '../../support/night.ts';
import { failReadsOf } from '../../support/recordedDays.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const schedule = '0 30 2 * * *';

function catchUp(night: Night, nightly = schedule) {
  const nextNightlyMs = (afterMs: number) => computeNextRun(nightly, afterMs);
  return night.clock.run(runCatchUp({ nextNightlyMs }, night.context));
}

async function turnTo(night: Night, instant: string): Promise<void> {
  await night.clock.advance(Date.parse(instant) - night.clock.now());
}

describe('the catch-up', () => {
  it('costs one small query when all is well', async () => {
    const clock = new VirtualClock('2026-03-10T02:30:00Z');
    const calls: string[] = [];
    const watched = (tableName: string) =>
      new Proxy(new MemoryTable(tableName, clock.now), {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            calls.push(`${tableName}.${String(name)} ${JSON.stringify(args)}`);
            return value.apply(target, args);
          };
        },
      });
    const stores = createStoresOver({
      usageByCustomer: watched('UsageByCustomer'),
      usageByDay: watched('UsageByDay'),
      usageByAzureSubscription: watched('UsageByAzureSubscription'),
      snapshotRuns: watched('SnapshotRuns'),
      budgetAlerts: watched('BudgetAlerts'),
    });
    const night = createNight({ customers: 40, clock, stores });
    const ensured: unknown[] = [];
    night.context.ensureTables = async (options) => void ensured.push(options);
    await night.run();
    night.simulator.resetStatistics();
    await turnTo(night, '2026-03-10T04:00:00Z');
    calls.length = 0;
    ensured.length = 0;
    expect(await catchUp(night)).toEqual([]);
    expect(night.simulator.statistics.requests).toBe(0);
    const range = '{"partitions":{"from":"2026-03-10","to":"2026-03-10"}}';
    expect(calls).toEqual([`SnapshotRuns.list [${range},{"abortSignal":{}}]`]);
    expect(ensured).toEqual([]);
  });

  it('continues a day that is not complete', async () => {
    const night = createNight({ customers: 40 });
    night.simulator.faults = { customerFails: { rate: 0.3 } };
    const run = await runOf(night.run());
    expect(run.status).toBe('partial');
    night.simulator.faults = {};
    await turnTo(night, '2026-03-10T04:00:00Z');
    const [result] = await catchUp(night);
    expect(result).toMatchObject({
      isBusy: false,
      run: { status: 'complete', trigger: 'catchUp', customersSkipped: 40 - run.customersFailed },
    });
  });

  it('takes up a complete day whose costs could not all be computed', async () => {
    const night = createNight({ customers: 40 });
    const { listHistory } = night.stores.usageByCustomer;
    failReadsOf(night, [...night.simulator.customers()][4]?.id);
    expect(await runOf(night.run())).toMatchObject({
      status: 'complete',
      isSettled: false,
      error: expect.stringContaining('left to the next run'),
    });
    night.stores.usageByCustomer.listHistory = listHistory;
    await turnTo(night, '2026-03-10T04:00:00Z');
    const [result] = await catchUp(night);
    expect(result).toMatchObject({ run: { status: 'complete', customersSkipped: 40 } });
    expect(result?.isBusy === false && result.run.error).toBeUndefined();
    const rows = [...(await night.day()).values()];
    expect(rows.filter((row) => !('cost' in row))).toEqual([]);
    expect(await catchUp(night)).toEqual([]);
  });

  it('begins a day whose nightly run never came', async () => {
    const night = createNight({ customers: 40, start: '2026-03-10T04:00:00Z' });
    const [result] = await catchUp(night);
    expect(result).toMatchObject({ run: { status: 'complete', snapshotDate: '2026-03-10' } });
  });

  it.each([
    ['2026-03-10T00:30:00Z', schedule],
    ['2026-03-10T02:29:59Z', schedule],
    ['2026-03-10T05:00:00Z', '0 0 18 * * *'],
    ['2026-03-10T05:00:00Z', '0 30 2 * * MON'],
  ])('never begins a day before its nightly time: at %s of %s', async (start, nightly) => {
    const night = createNight({ customers: 40, start });
    expect(await catchUp(night, nightly)).toEqual([]);
    expect(night.simulator.statistics.requests).toBe(0);
    expect((await night.day()).size).toBe(0);
  });

  it('does not take a run of one customer for a complete day', async () => {
    const night = createNight({ customers: 40 });
    const [customer] = night.simulator.customers();
    await night.run({ customerId: customer?.id ?? '' });
    await turnTo(night, '2026-03-10T04:00:00Z');
    expect(await catchUp(night)).toMatchObject([{ run: { status: 'complete', scope: 'all' } }]);
  });

  it('takes up a "no usage" that the usage records contradicted', async () => {
    const night = createNight({ customers: 40 });
    const costly = [...night.simulator.customers()].find(({ totalCost }) => totalCost !== '0');
    night.simulator.overrides = {
      [`/v1/customers/${costly?.id}/usagesummary`]: { status: 404, body: '{"code":3000}' },
    };
    expect(await runOf(night.run())).toMatchObject({ status: 'partial', customersFailed: 1 });
    night.simulator.overrides = {};
    await turnTo(night, '2026-03-10T04:00:00Z');
    expect(await catchUp(night)).toMatchObject([{ run: { status: 'complete' } }]);
    const row = (await night.day()).get(costly?.id ?? '');
    expect(row?.figures?.totalCost).toBe(costly?.totalCost);
  });

  it('tells when it cannot even look', async () => {
    const night = createNight({ customers: 20, start: '2026-03-10T04:00:00Z' });
    night.stores.snapshotRuns.list = () => {
      throw new Error('table SnapshotRuns: 503');
    };
    await expect(catchUp(night)).rejects.toThrow('503');
    expect(night.events).toMatchObject([
      { event: 'snapshot.run.failed', fields: { scope: 'all', error: 'table SnapshotRuns: 503' } },
    ]);
  });

  it('leaves a day alone on which another run is at work', async () => {
    const night = createNight({ customers: 40, start: '2026-03-10T04:00:00Z' });
    const { lease } = night.stores;
    await lease.acquire('another', 3_600);
    expect(await catchUp(night)).toEqual([{ isBusy: true, runId: 'another' }]);
  });
});

describe('the last look at a billing period', () => {
  const endOfMonth = '2026-03-31';

  it('captures once more, from 22:00 UTC, those whose period ends before the next night', async () => {
    const night = createNight({ customers: 60, start: `${endOfMonth}T02:30:00Z` });
    await night.run();
    await turnTo(night, `${endOfMonth}T21:00:00Z`);
    expect(await catchUp(night)).toEqual([]);
    night.simulator.resetStatistics();
    await turnTo(night, `${endOfMonth}T22:00:00Z`);
    const plans = [...night.simulator.customers()].filter(({ kind }) => kind === 'azurePlan');
    const [result] = await catchUp(night);
    expect(result).toMatchObject({ run: { trigger: 'closing', status: 'complete', scope: 'all' } });
    expect(night.simulator.statistics.byRoute.customerSummary).toBe(plans.length);
    const day = await night.day();
    expect(plans.every(({ id }) => day.get(id)?.capturedAt.startsWith(`${endOfMonth}T22`))).toBe(
      true,
    );

    await turnTo(night, `${endOfMonth}T23:00:00Z`);
    expect(await catchUp(night)).toEqual([]);
  });

  it('is taken at the end of the month of figures that name no period', async () => {
    const night = createNight({ customers: 40, start: `${endOfMonth}T02:30:00Z` });
    const legacy = [...night.simulator.customers()].find(({ kind }) => kind === 'legacy');
    const path = `/v1/customers/${legacy?.id}/usagesummary`;
    const body = JSON.stringify({ totalCost: 7, currencyLocale: 'en-US' });
    night.simulator.overrides = { [path]: { status: 200, body } };
    await night.run();
    night.simulator.resetStatistics();
    await turnTo(night, `${endOfMonth}T22:00:00Z`);
    await catchUp(night);
    expect(night.simulator.statistics.log.map((each) => each.path)).toContain(path);
  });

  it('is taken again when it failed, and what there was before is kept', async () => {
    const night = createNight({ customers: 60, start: `${endOfMonth}T02:30:00Z` });
    await night.run();
    await turnTo(night, `${endOfMonth}T22:00:00Z`);
    night.simulator.faults = { customerFails: { rate: 1 } };
    const failed = await catchUp(night);
    expect(failed).toMatchObject([{ run: { trigger: 'closing', status: 'partial' } }]);
    night.simulator.faults = {};
    await turnTo(night, `${endOfMonth}T23:00:00Z`);
    expect(await catchUp(night)).toMatchObject([
      { run: { trigger: 'catchUp', status: 'complete', customersSkipped: 60 } },
      { run: { trigger: 'closing', status: 'complete' } },
    ]);
  });

  it('shares its time with what the day still lacks: an invocation has so long in all', async () => {
    const night = createNight({
      customers: 400,
      latencyMs: 20_000,
      start: `${endOfMonth}T22:00:00Z`,
      settings: { concurrency: 2 },
    });
    const beganMs = night.clock.now();
    const results = await catchUp(night);
    expect(results.length).toBeGreaterThan(0);
    expect(night.clock.now() - beganMs).toBeLessThan(60 * 60_000);
  });

  it('is not taken on other days', async () => {
    const night = createNight({ customers: 60, start: '2026-03-30T02:30:00Z' });
    await night.run();
    await turnTo(night, '2026-03-30T22:00:00Z');
    const legacyDay = [...(await night.day()).values()].some(({ figures }) =>
      figures?.billingEndDate?.startsWith('2026-03-30'),
    );
    expect(legacyDay).toBe(false);
    expect(await catchUp(night)).toEqual([]);
  });

  it('comes after what the day still lacks, and leaves out who was just captured', async () => {
    const night = createNight({ customers: 60, start: `${endOfMonth}T02:30:00Z` });
    const plans = [...night.simulator.customers()].filter(({ kind }) => kind === 'azurePlan');
    const [late = ''] = plans.map(({ id }) => id);
    night.simulator.faults = { customerFails: { ids: [late] } };
    await night.run();
    night.simulator.faults = {};
    await turnTo(night, `${endOfMonth}T22:00:00Z`);
    night.simulator.resetStatistics();
    expect(await catchUp(night)).toMatchObject([
      { run: { trigger: 'catchUp', status: 'complete' } },
      { run: { trigger: 'closing', status: 'complete' } },
    ]);
    expect(night.simulator.statistics.byRoute.customerSummary).toBe(plans.length);
  });

  it('that its deadline cut off goes on with those it has not come to', async () => {
    const night = createNight({
      customers: 200,
      start: `${endOfMonth}T02:30:00Z`,
      settings: { concurrency: 1 },
    });
    await night.run();
    const plans = [...night.simulator.customers()].filter(({ kind }) => kind === 'azurePlan');
    night.context.settings.deadlineMs = 10_000;
    night.simulator.resetStatistics();
    const hours = ['22', '23'];
    for (const hour of hours) {
      await turnTo(night, `${endOfMonth}T${hour}:00:00Z`);
      if (hour === '23') night.context.settings.deadlineMs = 50 * 60_000;
      await catchUp(night);
    }
    expect(night.simulator.statistics.byRoute.customerSummary).toBe(plans.length);
    const day = await night.day();
    const looked = plans.filter(({ id }) => `${day.get(id)?.capturedAt}` >= `${endOfMonth}T22`);
    expect(looked).toHaveLength(plans.length);
  });
});

describe('what only the command line saw', () => {
  it('is told by the next timer, though the day is complete', async () => {
    const night = createNight({ customers: 60, start: '2026-03-28T02:30:00Z' });
    const delivered = () =>
      night.events.filter(({ event }) => event === 'budget.threshold.crossed');
    expect(await runOf(night.run({ trigger: 'cli' }))).toMatchObject({ status: 'complete' });
    const alerts = await Array.fromAsync(night.stores.budgetAlerts.listUndelivered('2026-01-01'));
    expect(alerts.length).toBeGreaterThan(0);
    expect(delivered()).toEqual([]);
    await turnTo(night, '2026-03-28T04:00:00Z');
    expect(await catchUp(night)).toMatchObject([
      { run: { trigger: 'catchUp', status: 'complete', customersSkipped: 60 } },
    ]);
    expect(
      delivered()
        .map(({ fields }) => fields['alertId'])
        .sort(),
    ).toEqual(alerts.map(({ alertId }) => alertId).sort());
    expect(await catchUp(night)).toEqual([]);
  });

  it('starts nothing where there is nothing to tell', async () => {
    const night = createNight({ customers: 20, start: '2026-03-02T02:30:00Z' });
    expect(await runOf(night.run({ trigger: 'cli' }))).toMatchObject({ status: 'complete' });
    await turnTo(night, '2026-03-02T04:00:00Z');
    expect(await catchUp(night)).toEqual([]);
  });
});
