import { describe, expect, it } from 'vitest';
import { readEarlierRuns } from '../../../src/snapshot/earlierRuns.ts';
import { newRun } from '../../../src/snapshot/runRecord.ts';
import { createStoresOver } from '../../../src/storage/createStores.ts';
import { MemoryTable } from '../../../src/storage/memoryTable.ts';
import type { SnapshotRun } from '../../../src/usage/snapshotRun.ts';
import { createNight } from '../../support/night.ts';

const served = { customersListed: 10, customersWithUsage: 4, customersWithoutUsage: 2 };
const whole = {
  ...served,
  snapshotDate: '2026-03-09',
  status: 'complete',
  customersRemaining: 0,
  isSettled: true,
  isConcluded: true,
} as const;

/** What a run of 2026-03-10 reads of these runs, which are whole unless changed. */
async function read(...runs: Partial<SnapshotRun>[]) {
  const night = createNight({ customers: 1 });
  const own = newRun({ trigger: 'timer' }, night.context);
  const { snapshotRuns } = night.stores;
  await snapshotRuns.upsert(own);
  for (const [index, run] of runs.entries()) {
    await snapshotRuns.upsert({ ...own, ...whole, ...run, runId: `run ${index}` });
  }
  const earlier = await readEarlierRuns(own, night.context);
  const range = { from: '2026-01-01', to: '2026-03-10' };
  const records = await Array.fromAsync(snapshotRuns.list(range));
  return { earlier, records, events: night.events };
}
const earlierOf = async (...runs: Partial<SnapshotRun>[]) => (await read(...runs)).earlier;
const today = { snapshotDate: '2026-03-10' };

describe('what a run reads of earlier ones', () => {
  it('is nothing on the first night, its own record aside', async () => {
    expect(await earlierOf()).toEqual({
      isRepeated: false,
      isLeftOpen: false,
      isFirstNight: true,
      recordedDates: [],
      openDates: [],
      undeliveredFrom: '2026-02-03',
      isFailingReported: false,
    });
  });

  it('goes back five weeks', async () => {
    expect(await earlierOf({ snapshotDate: '2026-02-02' })).toMatchObject({ isFirstNight: true });
    expect(await earlierOf({ snapshotDate: '2026-02-03' })).toMatchObject({ isFirstNight: false });
  });

  it('is whether one was on the same date, and whether the last of these was concluded', async () => {
    const open = { ...today, isConcluded: false };
    expect(await earlierOf({})).toMatchObject({ isRepeated: false, isLeftOpen: false });
    expect(await earlierOf(today)).toMatchObject({ isRepeated: true, isLeftOpen: false });
    expect(await earlierOf(today, open)).toMatchObject({ isRepeated: true, isLeftOpen: true });
    expect(await earlierOf(open, today)).toMatchObject({ isRepeated: true, isLeftOpen: false });
  });

  it('is whether a run of the date and of all customers has reported who fails for good', async () => {
    const reported = { ...today, customersFailing: 0 };
    const isReported = async (...runs: Partial<SnapshotRun>[]) =>
      (await earlierOf(...runs)).isFailingReported;
    expect(await isReported(today)).toBe(false);
    expect(await isReported(reported, today)).toBe(true);
    expect(await isReported({ ...reported, scope: 'customer' })).toBe(false);
    expect(await isReported({ customersFailing: 0 })).toBe(false);
  });
});

describe('the last date on which the customer list was read to its end', () => {
  const listDateOf = async (...runs: Partial<SnapshotRun>[]) => (await earlierOf(...runs)).listDate;
  const before = { snapshotDate: '2026-03-07' };

  it('is that of the last run of all customers that counts who is left', async () => {
    expect(await listDateOf(before, {})).toBe('2026-03-09');
    expect(await listDateOf(before, today)).toBe('2026-03-10');
    expect(await listDateOf(before, { scope: 'customer' })).toBe('2026-03-07');
    expect(await listDateOf(before, { status: 'failed' })).toBe('2026-03-07');
    expect(await listDateOf()).toBeUndefined();
    const unread = { customersRemaining: undefined } as unknown as Partial<SnapshotRun>;
    expect(await listDateOf(before, unread)).toBe('2026-03-07');
  });
});

describe('the days on which customers were recorded', () => {
  const datesOf = async (...runs: Partial<SnapshotRun>[]) =>
    (await earlierOf(...runs)).recordedDates.map(
      ({ date, isMajorityServed }) => `${date.slice(8)} ${isMajorityServed}`,
    );
  const nothing = { customersWithUsage: 0, customersWithoutUsage: 0 };

  it('are those with a row of a run of all customers, each once, as its last run left it', async () => {
    expect(await datesOf({ snapshotDate: '2026-03-08' }, {})).toEqual(['08 true', '09 true']);
    expect(await datesOf({}, { customersWithUsage: 3 })).toEqual(['09 false']);
    expect(await datesOf({ scope: 'customer' })).toEqual([]);
    expect(await datesOf(nothing)).toEqual([]);
    expect(await datesOf({ ...nothing, customersRefused: 1 })).toEqual(['09 false']);
    expect(await datesOf({ ...nothing, customersFailed: 1 })).toEqual(['09 false']);
    expect(await datesOf(today)).toEqual([]);
  });

  it('are no first night where any customer was served', async () => {
    const isFirst = async (run: Partial<SnapshotRun>) => (await earlierOf(run)).isFirstNight;
    expect(await isFirst({ customersWithUsage: 0 })).toBe(false);
    expect(await isFirst({ customersWithoutUsage: 0 })).toBe(false);
    expect(await isFirst({ ...nothing, customersFailed: 9 })).toBe(true);
    expect(await isFirst({ scope: 'customer' })).toBe(true);
  });
});

describe('the days that are left to finalize', () => {
  const on = (day: number, isConcluded: boolean) => ({
    snapshotDate: `2026-03-0${day}`,
    isConcluded,
  });
  const openDaysOf = async (...runs: Partial<SnapshotRun>[]) =>
    (await earlierOf(...runs)).openDates.map((date) => Number(date.slice(9)));

  it('are the last three whose last run was not concluded, since one that was', async () => {
    expect(await openDaysOf(on(5, false), on(6, false), on(7, false), on(8, false))).toEqual([
      6, 7, 8,
    ]);
    expect(await openDaysOf(on(7, false), on(8, true), on(9, false))).toEqual([9]);
    expect(await openDaysOf(on(8, false), on(9, false), on(9, false))).toEqual([8, 9]);
    expect(await openDaysOf(on(9, false), on(9, true))).toEqual([]);
  });

  it('are known by what a run without that column was settled', async () => {
    const former = (isSettled: boolean | undefined) =>
      ({ isConcluded: undefined, isSettled }) as unknown as Partial<SnapshotRun>;
    expect(await openDaysOf(former(true))).toEqual([]);
    expect(await openDaysOf(former(false))).toEqual([9]);
    expect(await openDaysOf(former(undefined))).toEqual([9]);
  });

  it('and those whose anomalies are undelivered begin with the last concluded run of a timer', async () => {
    const fromOf = async (...runs: Partial<SnapshotRun>[]) =>
      (await earlierOf(...runs)).undeliveredFrom;
    expect(await fromOf(on(7, true), on(8, false), on(9, false))).toBe('2026-03-07');
    expect(await fromOf(on(7, true), { trigger: 'cli' })).toBe('2026-03-07');
    expect(await fromOf(on(7, true), { trigger: 'catchUp' })).toBe('2026-03-09');
  });
});

describe('a record that says "running"', () => {
  it('is closed as failed, and reported, as its process has ended', async () => {
    const { records, events } = await read({ status: 'running', isSettled: true }, {});
    expect(records.map(({ runId, status }) => [runId, status])).toEqual(
      expect.arrayContaining([
        ['run 0', 'failed'],
        ['run 1', 'complete'],
      ]),
    );
    const closed = records.find(({ runId }) => runId === 'run 0');
    expect(closed).toMatchObject({ isSettled: false, finishedAt: '2026-03-10T02:30:00.000Z' });
    expect(closed?.error).toContain('lease ran out');
    expect(events.map(({ event }) => event)).toEqual(['snapshot.run.failed']);
    // The own one goes on.
    expect(records.filter(({ status }) => status === 'running')).toHaveLength(1);
  });
});

it('a record that cannot be read is reported and passed over', async () => {
  const runs = new MemoryTable('SnapshotRuns');
  const stores = createStoresOver({
    usageByCustomer: new MemoryTable('UsageByCustomer'),
    usageByDay: new MemoryTable('UsageByDay'),
    usageByAzureSubscription: new MemoryTable('UsageByAzureSubscription'),
    snapshotRuns: runs,
    budgetAlerts: new MemoryTable('BudgetAlerts'),
  });
  const night = createNight({ customers: 1, stores });
  const own = newRun({ trigger: 'timer' }, night.context);
  await runs.upsert([{ partitionKey: '2026-03-08', rowKey: 'odd', status: 'from the future' }]);
  await stores.snapshotRuns.upsert({ ...own, ...whole, runId: 'run' });
  expect(await readEarlierRuns(own, night.context)).toMatchObject({ isFirstNight: false });
  expect(night.events.map(({ event }) => event)).toEqual(['snapshot.row.unreadable']);
});
