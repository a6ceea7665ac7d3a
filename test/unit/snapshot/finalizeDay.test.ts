import { describe, expect, it } from 'vitest';
import { finalizeDay } from '../../../src/snapshot/finalizeDay.ts';
import { LeaseLostError } from '../../../src/snapshot/lease.ts';
import { createStoresOver } from '../../../src/storage/createStores.ts';
import { MemoryTable } from '../../../src/storage/memoryTable.ts';
import { StorageError } from '../../../src/storage/storageError.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import { createNight, type Night, runOf } from '../../support/night.ts';
import {
  dayOf,
  failReadsOf,
  keepSteadyMonth,
  refuseDaysOf,
  spender,
} from '../../support/recordedDays.ts';

const today = '2026-03-20';
const options = {
  isFirstNight: false,
  signal: new AbortController().signal,
  runId: 'run',
  isBehind: false,
  onRow: () => {},
};

/** A customer with usage, whose rows cannot be read until that is cured. */
function nightWithUnreadable() {
  const night = createNight({ customers: 20 });
  const [customer] = [...night.simulator.customers()].filter(({ outcome }) => outcome === 'usage');
  const id = customer?.id ?? '';
  const { listHistory } = night.stores.usageByCustomer;
  failReadsOf(night, id);
  const cure = () => {
    night.stores.usageByCustomer.listHistory = listHistory;
  };
  return { night, id, cure };
}

const rowOf = ({ stores }: Night, id: string, date = '2026-03-10') =>
  stores.usageByDay.getDay(date, id);
const totalsOf = ({ stores }: Night, date = '2026-03-10') =>
  Array.fromAsync(stores.usageByCustomer.listTotals({ from: date, to: date }));
const levels = ({ events }: Night) =>
  events.filter(({ event }) => event === 'snapshot.run.completed').map(({ level }) => level);

describe('a cost that could not be told when its day was captured', () => {
  it('is told at the end of the same run, where the table has recovered', async () => {
    const night = createNight({ customers: 20 });
    const { usageByCustomer } = night.stores;
    const listHistory = usageByCustomer.listHistory.bind(usageByCustomer);
    let reads = 0;
    usageByCustomer.listHistory = (...args) => {
      if (++reads <= 15) throw new Error('busy');
      return listHistory(...args);
    };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'complete', isSettled: true });
    expect(run).not.toHaveProperty('error');
    const rows = [...(await night.day()).values()];
    expect(rows.filter((row) => !('cost' in row))).toEqual([]);
  });

  it('keeps no day from being complete, is told to be left, and found by the next run', async () => {
    const { night, id, cure } = nightWithUnreadable();
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'complete', customersFailed: 0, isSettled: false });
    expect(run.error).toBe('the daily cost of 1 customers is left to the next run: out of reach');
    expect(levels(night)).toEqual(['warning']);
    expect(await rowOf(night, id)).not.toHaveProperty('cost');

    cure();
    night.simulator.resetStatistics();
    const next = await runOf(night.run());
    // Without asking Partner Center again.
    expect(next).toMatchObject({ customersSkipped: 20, isSettled: true });
    expect(await rowOf(night, id)).toHaveProperty('cost');
    const before = (await totalsOf(night)).map(({ dailyCost }) => dailyCost);
    await night.run({ isForced: true });
    expect((await totalsOf(night)).map(({ dailyCost }) => dailyCost)).toEqual(before);
  });

  it('that cannot be stored is left, and holds up nobody else’s', async () => {
    const night = createNight();
    const ids = ['customer-1', 'customer-2', 'customer-3'];
    for (const customerId of ids) {
      await keepSteadyMonth(night, today, { customerId });
      await night.stores.usageByDay.upsertDay([dayOf(today, '381', { customerId })]);
    }
    refuseDaysOf(night, 'customer-2');
    expect(await finalizeDay(today, night.context, options)).toBe(
      'the daily cost of 1 customers could not be stored: too large',
    );
    const rows = await Promise.all(ids.map((id) => rowOf(night, id, today)));
    expect(rows.map((row) => row !== undefined && 'cost' in row)).toEqual([true, false, true]);
  });

  it('is found by a run of a later day, with the totals of its own', async () => {
    const { night, id, cure } = nightWithUnreadable();
    await night.run({ trigger: 'cli' });
    const before = await totalsOf(night);
    await night.clock.advance(86_400_000);
    await night.run({ trigger: 'cli' });
    cure();
    await night.clock.advance(86_400_000);
    expect(await runOf(night.run({ trigger: 'cli' }))).toMatchObject({ isSettled: true });
    for (const date of ['2026-03-10', '2026-03-11']) {
      expect(await rowOf(night, id, date)).toHaveProperty('cost');
    }
    const currency = (await rowOf(night, id))?.figures?.currency;
    const daily = (totals: typeof before) =>
      Number(totals.find((total) => total.currency === currency)?.dailyCost);
    expect(daily(await totalsOf(night))).toBeGreaterThan(daily(before));
  });

  it('that was known before is known again, whatever could not be read meanwhile', async () => {
    const { night, id, cure } = nightWithUnreadable();
    cure();
    await night.run();
    const known = await rowOf(night, id);
    failReadsOf(night, id);
    await night.run({ isForced: true });
    cure();
    await night.run();
    expect(await rowOf(night, id)).toMatchObject({ cost: known?.cost });
  });

  it('is left alone where the customer’s own rows could not be stored', async () => {
    const night = createNight();
    await keepSteadyMonth(night, today);
    const failure = { phase: 'store', code: 'HTTP_500', message: 'no' } as const;
    await night.stores.usageByDay.upsertDay([dayOf(today, '381', { outcome: 'failed', failure })]);
    expect(await finalizeDay(today, night.context, options)).toBeUndefined();
    expect(await rowOf(night, spender, today)).not.toHaveProperty('cost');
  });

  it('is written before the run ends, which may be in the midst of it', async () => {
    const night = createNight();
    const ids = Array.from({ length: 30 }, (_, index) => `customer-${10 + index}`);
    await night.stores.usageByDay.upsertDay(ids.map((id) => dayOf(today, '5', { customerId: id })));
    let seen = 0;
    const onRow = () => {
      if (++seen > 20) throw new Error('to end');
    };
    await expect(finalizeDay(today, night.context, { ...options, onRow })).rejects.toThrow(
      'to end',
    );
    expect(night.clock.sleeping).toBe(0);
    const rows = await Array.fromAsync(night.stores.usageByDay.listDay(today));
    expect(rows.filter(({ cost }) => cost !== undefined)).toHaveLength(20);
  });

  it('brings an anomaly and a broken budget to light, and keeps what was told', async () => {
    const night = createNight();
    const budget = '1000';
    await keepSteadyMonth(night, today, { budget });
    const day = dayOf(today, '900', { budget });
    await night.stores.usageByCustomer.upsertCustomer([day]);
    await night.stores.usageByDay.upsertDay([day]);
    await finalizeDay(today, night.context, options);
    expect(await rowOf(night, spender, today)).toMatchObject({
      cost: { dailyCost: '540' },
      expectedCost: '20.0000',
      isAnomalyDelivered: false,
    });
    const alerts = await Array.fromAsync(
      night.stores.budgetAlerts.listOfPeriod('2026-03-01', spender),
    );
    expect(alerts.map(({ threshold }) => threshold).sort((a, b) => a - b)).toEqual([
      50, 75, 90, 100,
    ]);
    await night.stores.usageByDay.upsertDay([{ ...day, isAnomalyDelivered: true }]);
    await finalizeDay(today, night.context, options);
    expect(await rowOf(night, spender, today)).toMatchObject({ isAnomalyDelivered: true });
  });
});

describe('a run that cannot tell of alerts', () => {
  it('is complete, says so as a warning, and is followed by another until they are told', async () => {
    const night = createNight({ customers: 60, start: '2026-03-28T02:30:00Z' });
    const { listUndelivered } = night.stores.budgetAlerts;
    night.stores.budgetAlerts.listUndelivered = () => {
      throw new StorageError('AuthorizationPermissionMismatch', { table: 'BudgetAlerts' }, 'no');
    };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'complete', isSettled: false });
    expect(run.error).toMatch(/^alerts are left to the next run: /);
    expect(levels(night)).toEqual(['warning']);
    night.stores.budgetAlerts.listUndelivered = listUndelivered;
    expect(await runOf(night.run({ trigger: 'catchUp' }))).toMatchObject({ isSettled: true });
    const delivered = night.events.filter(({ event }) => event === 'budget.threshold.crossed');
    expect(delivered.length).toBeGreaterThan(0);
  });
});

describe('a run that loses its lease while it tells of alerts', () => {
  it('has failed, and leaves its record to whoever has the lease now', async () => {
    const night = createNight({ customers: 60, start: '2026-03-28T02:30:00Z' });
    night.context.budgets.deliver = async () => {
      throw new LeaseLostError();
    };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('lease') });
    const [kept] = await Array.fromAsync(
      night.stores.snapshotRuns.list({ from: '2026-03-28', to: '2026-03-28' }),
    );
    expect(kept?.status).toBe('running');
  });
});

describe('a day whose rows may be behind the customers’ own', () => {
  const behind = { ...options, isBehind: true };
  const own = dayOf(today, '380', { runId: 'later' });

  /** The row of the day after finalizing, beside the customer's own one of a later run. */
  async function finalized(row: LedgerRow) {
    const night = createNight();
    await night.stores.usageByCustomer.upsertCustomer([own]);
    await night.stores.usageByDay.upsertDay([row]);
    await finalizeDay(today, night.context, behind);
    return rowOf(night, spender, today);
  }

  it.each(['usage', 'failed'] as const)(
    'gets the figures of these, and stays %s',
    async (outcome) => {
      const failure = { phase: 'subscriptions', code: 'HTTP_500', message: 'no' } as const;
      const row = dayOf(today, '300', { outcome, ...(outcome === 'failed' && { failure }) });
      expect(await finalized(row)).toMatchObject({
        outcome,
        runId: 'later',
        figures: { totalCost: '380' },
        ...(outcome === 'failed' && { failure }),
      });
    },
  );

  it('stays as it is where it says that these could not be stored', async () => {
    const failure = { phase: 'store', code: 'STORE', message: 'no room' } as const;
    expect(await finalized(dayOf(today, '300', { outcome: 'failed', failure }))).toMatchObject({
      runId: `run of ${today}`,
      figures: { totalCost: '300' },
      failure,
    });
  });

  it('is not finalized where these are out of reach', async () => {
    const night = createNight();
    await night.stores.usageByDay.upsertDay([dayOf(today, '300')]);
    night.stores.usageByCustomer.getCustomerSnapshot = () => Promise.reject(new Error('no answer'));
    await expect(finalizeDay(today, night.context, behind)).rejects.toMatchObject({
      message: 'no answer',
    });
  });
});

it('a day is finalized without the rows that cannot be read, which are reported', async () => {
  const usageByDay = new MemoryTable('UsageByDay');
  const stores = createStoresOver({
    usageByCustomer: new MemoryTable('UsageByCustomer'),
    usageByDay,
    usageByAzureSubscription: new MemoryTable('UsageByAzureSubscription'),
    snapshotRuns: new MemoryTable('SnapshotRuns'),
    budgetAlerts: new MemoryTable('BudgetAlerts'),
  });
  const night = createNight({ stores });
  await usageByDay.upsert([{ partitionKey: today, rowKey: 'odd', outcome: 'odd' }]);
  await stores.usageByDay.upsertDay([dayOf(today, '300')]);
  await finalizeDay(today, night.context, options);
  expect(await totalsOf(night, today)).toMatchObject([{ totalCost: '300', customers: 1 }]);
  expect(night.events.map(({ event }) => event)).toContain('snapshot.row.unreadable');
});

it('a cost that is found at the end is one to deliver only where it is an anomaly', async () => {
  const night = createNight();
  await keepSteadyMonth(night, today);
  await night.stores.usageByDay.upsertDay([dayOf(today, '381')]);
  await finalizeDay(today, night.context, options);
  expect(await rowOf(night, spender, today)).not.toHaveProperty('isAnomalyDelivered');
});

it('a currency that no customer has any more gets a total of 0', async () => {
  const night = createNight();
  const [customers, totalCost] = [1, parseAmount('7')];
  const counts = { customers, customersMissing: 0, totalCost, dailyCost: totalCost };
  const names = { snapshotDate: today, runId: 'before', capturedAt: `${today}T02:31:00.000Z` };
  await night.stores.usageByCustomer.upsertTotals([{ ...names, ...counts, currency: 'SEK' }]);
  await finalizeDay(today, night.context, options);
  expect(await totalsOf(night, today)).toMatchObject([
    { currency: 'SEK', totalCost: '0', customers: 0, runId: 'run' },
  ]);
});

it('a row whose cost stays open is not written once more', async () => {
  const night = createNight();
  await night.stores.usageByDay.upsertDay([dayOf(today, '300')]);
  failReadsOf(night);
  night.stores.usageByDay.upsertDay = () => Promise.reject(new Error('written'));
  expect(await finalizeDay(today, night.context, options)).toContain('is left to the next run');
});
