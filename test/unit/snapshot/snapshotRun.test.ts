import { describe, expect, it } from 'vitest';
import type { SnapshotRun } from '../../../src/usage/snapshotRun.ts';
import { createNight, type Night } from '../../support/night.ts';

async function runOf(work: ReturnType<Night['run']>): Promise<SnapshotRun> {
  const result = await work;
  if (result.isBusy) throw new Error('expected a run, got a busy lease');
  return result.run;
}

/** Every row of the day holds what the simulator has, to the digit. */
async function expectWholeDay(night: Night, date: string): Promise<void> {
  const day = await night.day(date);
  const expected = [...night.simulator.customers()];
  expect(day.size).toBe(expected.length);
  for (const customer of expected) {
    const row = day.get(customer.id);
    expect(row?.outcome).toBe(customer.outcome);
    if (customer.outcome === 'usage') expect(row?.figures?.totalCost).toBe(customer.totalCost);
  }
}

describe('a run', () => {
  it('captures every customer and proves it', async () => {
    const night = createNight({ customers: 60 });
    const run = await runOf(night.run());
    expect(run).toMatchObject({
      status: 'complete',
      scope: 'all',
      customersListed: 60,
      customersWithUsage: 51,
      customersWithoutUsage: 9,
      customersRemaining: 0,
    });
    await expectWholeDay(night, run.snapshotDate);
  });
});
