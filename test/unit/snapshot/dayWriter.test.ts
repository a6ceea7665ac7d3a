import { describe, expect, it } from 'vitest';
import { RowsRefusedError } from '../../../src/errors.ts';
import { DayWriter } from '../../../src/snapshot/dayWriter.ts';
import type { CustomerSnapshot, Failure } from '../../../src/usage/usageSnapshot.ts';
import { createNight, runOf } from '../../support/night.ts';
import { refuseDaysOf } from '../../support/recordedDays.ts';
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
    /** Ids whose rows it does not take, as long as these hold usage or at all. */
    refusedUsage: [] as string[],
    refused: [] as string[],
    written,
    upsertDay: async (rows: CustomerSnapshot[]) => {
      if (table.isDown) throw new Error('503');
      const refusals = rows.flatMap(({ customerId, outcome }, index) => {
        const isRefused =
          table.refused.includes(customerId) ||
          (table.refusedUsage.includes(customerId) && outcome === 'noUsage');
        return isRefused ? [{ index, code: 'EntityTooLarge', status: 400, message: 'large' }] : [];
      });
      const isTaken = (_: unknown, index: number) => !refusals.some((each) => each.index === index);
      written.push(rows.filter(isTaken).map(({ customerId }) => customerId));
      if (refusals.length > 0) throw new RowsRefusedError(refusals);
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

describe('a row that the table refuses for what it holds', () => {
  it('holds up no other, and is written as what stands in for it', async () => {
    const table = createTable();
    table.refusedUsage = ['7'];
    const writer = new DayWriter(table, new VirtualClock());
    const delivered: Failure[] = [];
    for (const id of numbers(100)) {
      await writer.add(row(id), async (failure) => {
        delivered.push(failure);
        return { ...row(id), outcome: 'failed', failure };
      });
    }
    expect(delivered).toEqual([
      { phase: 'store', code: 'EntityTooLarge', status: 400, message: 'large' },
    ]);
    expect(table.written).toEqual([numbers(100).filter((id) => id !== '7'), ['7']]);
    await writer.flush();
    expect(table.written).toHaveLength(2);
  });

  it('is left out where what stands in for it is refused too', async () => {
    const table = createTable();
    table.refused = ['7'];
    const writer = new DayWriter(table, new VirtualClock());
    for (const id of numbers(20)) {
      await writer.add(row(id), async (failure) => ({ ...row(id), outcome: 'failed', failure }));
    }
    await writer.flush();
    expect(table.written.flat()).toEqual(numbers(20).filter((id) => id !== '7'));
  });

  it('waits with its stand-in for a table that goes out of reach meanwhile', async () => {
    const table = createTable();
    table.refusedUsage = ['1'];
    const writer = new DayWriter(table, new VirtualClock());
    for (const id of numbers(3)) {
      await writer.add(row(id), async (failure) => {
        table.isDown = true;
        return { ...row(id), outcome: 'failed', failure };
      });
    }
    await expect(writer.flush()).rejects.toThrow('503');
    table.isDown = false;
    await writer.flush();
    expect(table.written).toEqual([['0', '2'], ['1']]);
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

  it('for one customer again keeps the day it has, unless the row was written all the same', async () => {
    const night = createNight({ customers: 40 });
    const { usageByCustomer } = night.stores;
    const upsert = usageByCustomer.upsertCustomer.bind(usageByCustomer);
    const [costly] = [...night.simulator.customers()].filter(({ outcome }) => outcome === 'usage');
    const id = costly?.id ?? '';
    let isWritten = false;
    usageByCustomer.upsertCustomer = async (rows) => {
      const isOwn = rows.some(({ customerId }) => customerId === id);
      if (!isOwn || isWritten) await upsert(rows);
      if (isOwn) throw new Error('reset');
    };
    const first = await runOf(night.run());
    await night.run();
    expect((await night.day()).get(id)).toMatchObject({ runId: first.runId, outcome: 'failed' });
    isWritten = true;
    const last = await runOf(night.run());
    expect((await night.day()).get(id)).toMatchObject({
      runId: last.runId,
      outcome: 'failed',
      failure: { phase: 'store', message: 'reset' },
      figures: { totalCost: costly?.totalCost },
    });
  });

  it('for a row of the day keeps the better one that an earlier run has left', async () => {
    const night = createNight({ customers: 40 });
    const [costly] = [...night.simulator.customers()].filter(({ outcome }) => outcome === 'usage');
    const id = costly?.id ?? '';
    await night.run();
    const before = (await night.day()).get(id);
    refuseDaysOf(night, id);
    const run = await runOf(night.run({ isForced: true }));
    expect(run).toMatchObject({ status: 'partial', customersFailed: 0, customersRemaining: 0 });
    expect(run.error).toBe('1 customers could not be captured once more');
    expect((await night.day()).get(id)).toEqual(before);
    expect(night.events).toContainEqual(
      expect.objectContaining({
        event: 'snapshot.customer.failed',
        fields: expect.objectContaining({ customerId: id, phase: 'store' }),
      }),
    );
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
