import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../src/history/health.ts';
import { findLatestDates } from '../../../src/history/latestDates.ts';
import { runCatchUp } from '../../../src/snapshot/catchUp.ts';
import type { EventName } from '../../../src/telemetry/eventLog.ts';
import { createNight, type Night, runOf } from '../../support/night.ts';

const dayMs = 86_400_000;
const nextNightlyMs = (afterMs: number) => {
  const dueMs = Math.floor(afterMs / dayMs) * dayMs + 2.5 * 3_600_000;
  return dueMs > afterMs ? dueMs : dueMs + dayMs;
};

const withUsage = (night: Night) =>
  [...night.simulator.customers()]
    .filter(({ kind }) => kind !== 'licensesOnly')
    .map(({ id }) => id);

/** The run of one night after the other, and what they told. */
async function nights(night: Night, count: number) {
  const runs = [];
  for (let each = 0; each < count; each++) {
    runs.push(await runOf(night.run()));
    await night.clock.advance(dayMs - (night.clock.now() % dayMs) + 2.5 * 3_600_000);
  }
  return runs;
}

const delivered = (night: Night, name: EventName) =>
  night.events.filter(({ event }) => event === name).map(({ fields }) => fields);

const historyOf = (night: Night) => ({
  stores: night.stores,
  now: () => night.clock.now(),
  minimumCost: 10,
  hasCustomerMetrics: false,
  onUnreadable: () => {},
});

describe('customers that are refused for good', () => {
  it('are taken for an outage on two days, told on the first, and stand in no way from the third', async () => {
    const night = createNight({ customers: 20 });
    const refused = withUsage(night).slice(0, 7);
    night.simulator.faults = { customerRefused: { ids: refused } };
    const runs = await nights(night, 5);
    expect(runs.map(({ status, customersRefused }) => [status, customersRefused])).toEqual([
      ['partial', 0],
      ['partial', 0],
      ['complete', 7],
      ['complete', 7],
      ['complete', 7],
    ]);
    expect(delivered(night, 'snapshot.customer.failed').map((each) => each['customerId'])).toEqual(
      expect.arrayContaining(refused),
    );
    expect(delivered(night, 'snapshot.customer.failed')).toHaveLength(7);
    expect(delivered(night, 'snapshot.customer.failing')).toEqual([]);
  });

  it('do not hide others that are refused with them', async () => {
    const night = createNight({ customers: 40 });
    const ids = withUsage(night);
    night.simulator.faults = { customerRefused: { ids: ids.slice(0, 7) } };
    await nights(night, 3);
    night.simulator.faults = { customerRefused: { ids: ids.slice(0, 14) } };
    expect(await nights(night, 1)).toMatchObject([
      { status: 'partial', customersRefused: 7, customersFailed: 7 },
    ]);
  });

  it('are an outage as long as they are half of all', async () => {
    const night = createNight({ customers: 20 });
    night.simulator.faults = { customerRefused: { ids: withUsage(night).slice(0, 10) } };
    for (const run of await nights(night, 4)) {
      expect(run).toMatchObject({ status: 'partial', customersFailed: 10, isSettled: false });
    }
  });

  it('begin anew when the answer changes', async () => {
    const night = createNight({ customers: 20 });
    const paths = withUsage(night)
      .slice(0, 7)
      .map((id) => `/v1/customers/${id}/usagesummary`);
    const refuse = (code: number) => {
      const answer = { status: 403, body: JSON.stringify({ code }) };
      night.simulator.overrides = Object.fromEntries(paths.map((path) => [path, answer]));
    };
    refuse(900308);
    await nights(night, 2);
    refuse(20002);
    const statuses = (await nights(night, 3)).map(({ status }) => status);
    expect(statuses).toEqual(['partial', 'partial', 'complete']);
  });
});

describe('subscriptions that are forbidden for good', () => {
  it('are taken for a lost right on two days, and stand in no way from the third', async () => {
    const night = createNight({ customers: 40 });
    const customers = [...night.simulator.customers()].filter(({ outcome }) => outcome === 'usage');
    const paths = customers
      .slice(0, 10)
      .flatMap(({ id, subscriptions }) =>
        subscriptions.map((each) => `/v1/customers/${id}/subscriptions/${each.id}/usagesummary`),
      );
    const forbidden = { status: 403, body: '{"code":900308}' };
    night.simulator.overrides = Object.fromEntries(paths.map((path) => [path, forbidden]));
    const statuses = (await nights(night, 5)).map(({ status }) => status);
    expect(statuses).toEqual(['partial', 'partial', 'complete', 'complete', 'complete']);
  });
});

describe('a customer that fails for good', () => {
  const failingNight = (count: number) => {
    const night = createNight({ customers: 60 });
    night.simulator.faults = { customerFails: { ids: withUsage(night).slice(0, count) } };
    return night;
  };

  it('keeps every day partial, which is settled from the third on', async () => {
    const runs = await nights(failingNight(1), 4);
    const facts = runs.map(({ status, isSettled, customersFailing }) => [
      status,
      isSettled,
      customersFailing,
    ]);
    expect(facts).toEqual([
      ['partial', false, 0],
      ['partial', false, 0],
      ['partial', true, 1],
      ['partial', true, 1],
    ]);
  });

  it('is told as a failure on two days, then on the third and each week', async () => {
    const night = failingNight(1);
    await nights(night, 18);
    const days = (name: EventName) => delivered(night, name).map((each) => each['days']);
    expect(delivered(night, 'snapshot.customer.failed')).toHaveLength(2);
    expect(days('snapshot.customer.failing')).toEqual([3, 10, 17]);
    const [failing] = delivered(night, 'snapshot.customer.failing');
    const [customerId = ''] = withUsage(night);
    expect(failing).toMatchObject({ customerId, phase: 'summary', status: 500 });
    expect(failing?.['customerName']).toBe(night.simulator.expectedCustomer(customerId).name);
  });

  it('is asked by each nightly run, and by one catch-up a day', async () => {
    const night = failingNight(1);
    await nights(night, 2);
    await night.run();
    const results = [];
    for (let hour = 4; hour < 8; hour++) {
      await night.clock.advance(3_600_000);
      results.push(await night.clock.run(runCatchUp({ nextNightlyMs }, night.context)));
    }
    expect(results).toMatchObject([
      [{ run: { trigger: 'catchUp', status: 'partial', isSettled: true, customersSkipped: 59 } }],
      [],
      [],
      [],
    ]);
    expect(delivered(night, 'snapshot.customer.failing')).toHaveLength(1);
  });

  it('leaves health and the day that rankings show by default as they should be', async () => {
    const night = failingNight(2);
    await nights(night, 2);
    expect(await checkHealth(historyOf(night))).toMatchObject({ isHealthy: false });
    await night.run();
    expect(await findLatestDates(historyOf(night))).toMatchObject({ complete: '2026-03-12' });
    expect(await checkHealth(historyOf(night))).toEqual({
      isHealthy: true,
      latestCompleteDate: '2026-03-12',
      reasons: ['2 customers have failed on three recorded days or more'],
    });
  });

  it('hides no other that fails for the first time', async () => {
    const night = failingNight(1);
    await nights(night, 3);
    night.simulator.faults = { customerFails: { ids: withUsage(night).slice(0, 2) } };
    expect(await nights(night, 1)).toMatchObject([
      { status: 'partial', isSettled: false, customersFailed: 2, customersFailing: 1 },
    ]);
    expect(delivered(night, 'snapshot.customer.failed')).toHaveLength(3);
  });

  it('is an outage beside many others: nothing is settled, and each is told every day', async () => {
    const night = failingNight(6);
    for (const run of await nights(night, 4)) {
      expect(run).toMatchObject({ status: 'partial', isSettled: false, customersFailed: 6 });
    }
    expect(delivered(night, 'snapshot.customer.failed')).toHaveLength(24);
    expect(delivered(night, 'snapshot.customer.failing')).toEqual([]);
  });
});
