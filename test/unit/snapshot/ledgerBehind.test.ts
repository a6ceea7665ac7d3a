import { describe, expect, it } from 'vitest';
import { StorageError } from '../../../src/storage/storageError.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import type { CustomerSnapshot, Outcome } from '../../../src/usage/usageSnapshot.ts';
import { createNight, type Night, runOf } from '../../support/night.ts';

const date = '2026-03-10';

/** The day's table takes nothing, as for a run that has died before its first row of the day. */
async function withoutDay(night: Night, work: () => Promise<unknown>): Promise<void> {
  const { usageByDay } = night.stores;
  const { upsertDay } = usageByDay;
  usageByDay.upsertDay = async () => {
    throw new StorageError('HTTP_503', { table: 'UsageByDay' }, 'busy');
  };
  await work();
  usageByDay.upsertDay = upsertDay;
}

/** Makes the last run's record say that it never came to its end. */
async function die(night: Night): Promise<void> {
  const runs = await Array.fromAsync(night.stores.snapshotRuns.list({ from: date, to: date }));
  const last = runs.at(-1);
  if (!last) throw new Error('expected a run');
  const { isSettled: _settled, isConcluded: _concluded, finishedAt: _at, ...record } = last;
  await night.stores.snapshotRuns.upsert({ ...record, status: 'running' });
}

const ownRow = ({ stores }: Night, { customerId }: CustomerSnapshot) =>
  stores.usageByCustomer.getCustomerSnapshot(customerId, date);

async function totalOf({ stores }: Night, wanted: string): Promise<string | undefined> {
  const totals = stores.usageByCustomer.listTotals({ from: date, to: date });
  for await (const total of totals) if (total.currency === wanted) return total.dailyCost;
  return undefined;
}

/** After a complete run, another one captures everybody again, and costs have grown by 7. */
async function forceWithoutDay(night: Night): Promise<LedgerRow> {
  expect((await runOf(night.run())).status).toBe('complete');
  const [row] = [...(await night.day()).values()].filter(({ figures }) => figures);
  if (!row?.figures) throw new Error('expected a customer with usage');
  await withoutDay(night, () => night.run({ isForced: true }));
  const own = await ownRow(night, row);
  if (!own?.figures) throw new Error('expected its own row');
  const totalCost = parseAmount(String(Number(own.figures.totalCost) + 7));
  await night.stores.usageByCustomer.upsertCustomer([
    { ...own, figures: { ...own.figures, totalCost } },
  ]);
  return { ...row, figures: { ...row.figures, totalCost } };
}

describe('rows of the day that a run could not write, as it died', () => {
  it('get the figures of the customers’ own rows by the next run, which asks nobody', async () => {
    const night = createNight({ customers: 20 });
    const { customerId, figures } = await forceWithoutDay(night);
    await die(night);
    const currency = figures?.currency ?? '';
    const before = Number(await totalOf(night, currency));
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'complete', isSettled: true, customersSkipped: 20 });
    for (const row of (await night.day()).values()) {
      if (!row.figures) continue;
      const own = await ownRow(night, row);
      expect(row).toMatchObject({ figures: own?.figures, capturedAt: own?.capturedAt });
      expect(row).toHaveProperty('cost');
    }
    expect((await night.day()).get(customerId)?.figures?.totalCost).toBe(figures?.totalCost);
    expect(Number(await totalOf(night, currency)) - before).toBeCloseTo(7);
  });

  it('get them on the next day, where none followed', async () => {
    const night = createNight({ customers: 20 });
    const { customerId, figures } = await forceWithoutDay(night);
    await die(night);
    await night.clock.advance(86_400_000);
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', isSettled: true });
    expect((await night.day(date)).get(customerId)?.figures).toEqual(figures);
  });

  it('get them by the run itself, where it lives and the table is back', async () => {
    const night = createNight({ customers: 20 });
    await night.run();
    const { usageByDay } = night.stores;
    const { upsertDay, listDay } = usageByDay;
    await withoutDay(night, async () => {
      let isCaptured = false;
      const failing = usageByDay.upsertDay;
      usageByDay.upsertDay = async (...args) => {
        isCaptured = true;
        return failing(...args);
      };
      usageByDay.listDay = (...args) => {
        if (isCaptured) usageByDay.upsertDay = upsertDay;
        return listDay.call(usageByDay, ...args);
      };
      expect(await runOf(night.run({ isForced: true }))).toMatchObject({ status: 'failed' });
    });
    for (const row of (await night.day()).values()) {
      if (!row.figures) continue;
      expect(row.runId).toBe((await ownRow(night, row))?.runId);
      expect(row).toHaveProperty('cost');
    }
  });

  it.each<Outcome>(['noUsage', 'refused'])(
    'are failed, with the figures, where they said %s',
    async (outcome) => {
      const night = createNight({ customers: 20 });
      await night.run();
      const [row] = [...(await night.day()).values()].filter((each) => each.figures);
      if (!row) throw new Error('expected a customer with usage');
      const { figures, ...before } = row;
      await night.stores.usageByDay.upsertDay([{ ...before, outcome, runId: 'earlier' }]);
      await die(night);
      await night.clock.advance(86_400_000);
      await night.run();
      const failed = { outcome: 'failed', figures, failure: { code: 'RUN_CUT_OFF' } };
      expect((await night.day(date)).get(row.customerId)).toMatchObject(failed);
    },
  );

  it('stay as they are where the customer’s own row cannot be read', async () => {
    const night = createNight({ customers: 20 });
    const { customerId, runId } = await forceWithoutDay(night);
    await die(night);
    const { usageByCustomer } = night.stores;
    const { getCustomerSnapshot } = usageByCustomer;
    usageByCustomer.getCustomerSnapshot = (id, ...rest) => {
      if (id !== customerId) return getCustomerSnapshot.call(usageByCustomer, id, ...rest);
      throw new StorageError('UNREADABLE_ROW', { table: 'UsageByCustomer' }, 'expected a date');
    };
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', isSettled: true });
    expect((await night.day()).get(customerId)?.runId).toBe(runId);
    expect(night.events.some(({ event }) => event === 'snapshot.row.unreadable')).toBe(true);
  });
});
