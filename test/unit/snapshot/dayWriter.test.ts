import { describe, expect, it } from 'vitest';
import { DayWriter } from '../../../src/snapshot/dayWriter.ts';
import type { CustomerSnapshot } from '../../../src/usage/usageSnapshot.ts';
import { createNight, runOf } from '../../support/night.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

function row(customerId: string): CustomerSnapshot {
  return {
    resource: 'customer',
    snapshotDate: '2026-03-10',
    capturedAt: '2026-03-10T02:30:00.000Z',
    runId: 'run',
    customerId,
    customerName: customerId,
    outcome: 'noUsage',
  };
}

/** A table that fails as long as it is told to. */
function createTable() {
  const written: string[][] = [];
  const table = {
    isDown: false,
    written,
    upsertDay: async (rows: CustomerSnapshot[]) => {
      if (table.isDown) throw new Error('503');
      written.push(rows.map(({ customerId }) => customerId));
    },
    listDay: async function* () {},
    getDay: async () => undefined,
  };
  return table;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

describe('the writer of the day’s rows', () => {
  it('writes a hundred rows at a time', async () => {
    const table = createTable();
    const writer = new DayWriter(table, new VirtualClock());
    for (const id of numbers(250)) await writer.add(row(id));
    expect(table.written.map((rows) => rows.length)).toEqual([100, 100]);
    await writer.flush();
    expect(table.written.flat()).toEqual(numbers(250));
  });

  it('writes what there is after 2 seconds', async () => {
    const table = createTable();
    const clock = new VirtualClock();
    const writer = new DayWriter(table, clock);
    await writer.add(row('a'));
    await clock.advance(1_999);
    expect(table.written).toEqual([]);
    await clock.advance(1);
    expect(table.written).toEqual([['a']]);
  });

  it('keeps rows that could not be written, and writes them in their order with the next', async () => {
    const table = createTable();
    const clock = new VirtualClock();
    const writer = new DayWriter(table, clock);
    table.isDown = true;
    for (const id of numbers(150)) await writer.add(row(id));
    await clock.advance(2_000);
    expect(table.written).toEqual([]);
    table.isDown = false;
    await writer.flush();
    expect(table.written).toEqual([numbers(150)]);
    expect(clock.sleeping).toBe(0);
  });

  it('fails once a thousand rows wait, and when the last of them cannot be written', async () => {
    const table = createTable();
    const writer = new DayWriter(table, new VirtualClock());
    table.isDown = true;
    const added: string[] = [];
    const add = async () => {
      for (const id of numbers(2_000)) {
        await writer.add(row(id));
        added.push(id);
      }
    };
    await expect(add()).rejects.toThrow('503');
    expect(added).toHaveLength(999);
    await expect(writer.flush()).rejects.toThrow('503');
  });
});

describe('a run whose tables fail', () => {
  it('for one customer has it as failed, and takes it up again', async () => {
    const night = createNight({ customers: 40 });
    const { usageByCustomer } = night.stores;
    const upsert = usageByCustomer.upsertCustomer.bind(usageByCustomer);
    const [costly] = [...night.simulator.customers()].filter(({ outcome }) => outcome === 'usage');
    usageByCustomer.upsertCustomer = async (rows) => {
      if (rows.some(({ customerId }) => customerId === costly?.id)) throw new Error('too large');
      await upsert(rows);
    };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersFailed: 1, customersRemaining: 0 });
    expect((await night.day()).get(costly?.id ?? '')).toMatchObject({
      outcome: 'failed',
      failure: { phase: 'store', code: 'STORE', message: 'too large' },
      figures: { totalCost: costly?.totalCost },
    });
    usageByCustomer.upsertCustomer = upsert;
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersSkipped: 39 });
  });

  it('for the day ends as failed, and says so', async () => {
    const night = createNight({ customers: 40 });
    const { usageByDay } = night.stores;
    usageByDay.upsertDay = () => Promise.reject(new Error('table UsageByDay: 503'));
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'failed', error: 'table UsageByDay: 503' });
    expect(night.events.at(-1)).toMatchObject({
      event: 'snapshot.run.failed',
      fields: { runId: run.runId, error: 'table UsageByDay: 503' },
    });
  });
});
