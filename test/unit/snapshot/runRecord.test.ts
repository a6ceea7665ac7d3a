import { describe, expect, it } from 'vitest';
import { readEarlierRuns } from '../../../src/snapshot/earlierRuns.ts';
import { newRun } from '../../../src/snapshot/runRecord.ts';
import type { SnapshotRun } from '../../../src/usage/snapshotRun.ts';
import { createNight, runOf } from '../../support/night.ts';

/** What a run of 2026-03-10 reads of these. */
async function earlierOf(...runs: Partial<SnapshotRun>[]) {
  const night = createNight();
  const own = newRun({ trigger: 'timer' }, night.context);
  const counts = { customersWithUsage: 3, customersListed: 3 };
  const complete = { ...counts, status: 'complete', isSettled: true } as const;
  for (const [index, run] of runs.entries()) {
    await night.stores.snapshotRuns.upsert({
      ...own,
      ...complete,
      snapshotDate: '2026-03-09',
      ...run,
      runId: `run ${index}`,
    });
  }
  return readEarlierRuns(own, night.context);
}

describe('the first night', () => {
  it('is the first on which anything was recorded', async () => {
    expect(await earlierOf()).toMatchObject({ isFirstNight: true });
    expect(await earlierOf({ snapshotDate: '2026-03-10' })).toMatchObject({ isFirstNight: true });
    const failed = { status: 'failed', customersWithUsage: 0 } as const;
    expect(await earlierOf(failed)).toMatchObject({ isFirstNight: true });
    expect(await earlierOf({ scope: 'customer' })).toMatchObject({ isFirstNight: true });
    expect(await earlierOf({ status: 'partial' })).toMatchObject({ isFirstNight: false });
    expect(await earlierOf({})).toMatchObject({ isFirstNight: false });
  });

  it('raises nothing below 100 %, also where its day is taken up again; the next one does', async () => {
    const night = createNight({ customers: 60, start: '2026-03-16T02:30:00Z' });
    night.simulator.faults = { customerFails: { rate: 0.3 } };
    expect((await runOf(night.run())).status).toBe('partial');
    night.simulator.faults = {};
    await night.run({ trigger: 'catchUp' });
    const raised = () =>
      night.events
        .filter(({ event }) => event === 'budget.threshold.crossed')
        .map(({ fields }) => Number(fields['threshold']));
    expect(raised().filter((threshold) => threshold < 100)).toEqual([]);
    for (let day = 0; day < 8; day++) {
      await night.clock.advance(86_400_000);
      await night.run();
    }
    expect(raised().filter((threshold) => threshold < 100).length).toBeGreaterThan(0);
  });
});

describe('the totals of a day whose last run did not come to them', () => {
  it('are written by the first run of the next day', async () => {
    const night = createNight({ customers: 20 });
    await night.run();
    const range = { from: '2026-03-10', to: '2026-03-10' };
    const totals = () => Array.fromAsync(night.stores.usageByCustomer.listTotals(range));
    const [before] = await totals();
    if (!before) throw new Error('expected totals');
    // As a capture leaves it whose process is killed.
    const [row] = (await night.day()).values();
    if (!row) throw new Error('expected a row');
    const { figures: _, ...rest } = row;
    await night.stores.usageByDay.upsertDay([
      { ...rest, outcome: 'failed', expectedCurrency: before.currency },
    ]);
    const killed = newRun({ trigger: 'timer' }, night.context);
    await night.stores.snapshotRuns.upsert(killed);
    await night.clock.advance(86_400_000);
    await night.run();
    const after = (await totals()).find(({ currency }) => currency === before.currency);
    expect(after?.customersMissing).toBe(before.customersMissing + 1);
  });

  it('keep no later day from being complete where they cannot be written', async () => {
    const night = createNight({ customers: 20 });
    await night.stores.snapshotRuns.upsert(newRun({ trigger: 'timer' }, night.context));
    const { usageByDay } = night.stores;
    const listDay = usageByDay.listDay.bind(usageByDay);
    usageByDay.listDay = (date, ...rest) => {
      if (date === '2026-03-10') throw new Error('out of reach');
      return listDay(date, ...rest);
    };
    await night.clock.advance(86_400_000);
    expect(await runOf(night.run())).toMatchObject({
      status: 'complete',
      isSettled: false,
      error: '2026-03-10 is left to the next run: out of reach',
    });
  });

  it('are left alone where it did', async () => {
    const open = { isConcluded: false };
    const on = (day: number) => ({ snapshotDate: `2026-03-0${day}` });
    expect(await earlierOf({})).toMatchObject({ openDates: [] });
    expect(await earlierOf({}, open)).toMatchObject({ openDates: ['2026-03-09'] });
    expect(await earlierOf({ ...on(8), ...open }, {})).toMatchObject({ openDates: [] });
    // Two nights in a row were killed; of more the last three are looked at.
    const both = [{ ...on(8), ...open }, open, open];
    expect(await earlierOf(...both)).toMatchObject({ openDates: ['2026-03-08', '2026-03-09'] });
    const four = [5, 6, 7, 8].map((day) => ({ ...on(day), ...open }));
    expect(await earlierOf(...four)).toMatchObject({
      openDates: ['2026-03-06', '2026-03-07', '2026-03-08'],
    });
  });
});

describe('the day from which anomalies are delivered', () => {
  it('is the last on which a run of a timer came to its end', async () => {
    const timer = { snapshotDate: '2026-03-07' };
    const left = { snapshotDate: '2026-03-08', isConcluded: false };
    expect(await earlierOf(timer, left, { trigger: 'cli' })).toMatchObject({
      undeliveredFrom: '2026-03-07',
    });
    expect(await earlierOf({ trigger: 'cli' })).toMatchObject({ undeliveredFrom: '2026-02-03' });
  });

  it('is the same by rows of a version that did not tell "concluded" from "settled"', async () => {
    expect(await earlierOf({ snapshotDate: '2026-03-07' })).toMatchObject({
      undeliveredFrom: '2026-03-07',
      openDates: [],
    });
  });
});
