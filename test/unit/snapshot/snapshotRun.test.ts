import { describe, expect, it } from 'vitest';
import type { ExpectedCustomer } from '../../../src/simulator/expectation.ts';
import type { SimulatorOptions } from '../../../src/simulator/simulatorOptions.ts';
import { createStoresOver } from '../../../src/storage/createStores.ts';
import { MemoryTable } from '../../../src/storage/memoryTable.ts';
import { collect, createNight, type Night, runOf } from '../../support/night.ts';

/** Every row of the day holds what the simulator has, to the digit, subscriptions included. */
async function expectWholeDay(night: Night, date: string): Promise<void> {
  const day = await night.day(date);
  const expected = [...night.simulator.customers()];
  expect(day.size).toBe(expected.length);
  for (const customer of expected) {
    const row = day.get(customer.id);
    expect(row).toMatchObject({ outcome: customer.outcome, snapshotDate: date });
    if (customer.outcome === 'usage') await expectFigures(night, date, customer);
  }
}

async function expectFigures(night: Night, date: string, customer: ExpectedCustomer) {
  const { usageByCustomer } = night.stores;
  const row = await usageByCustomer.getCustomerSnapshot(customer.id, date);
  expect(row?.figures?.totalCost).toBe(customer.totalCost);
  expect(row?.subscriptionIds).toEqual(customer.subscriptions.map(({ id }) => id).toSorted());
  const ids = row?.subscriptionIds ?? [];
  const subscriptions = await usageByCustomer.listSubscriptionSnapshots(customer.id, ids, date);
  const totals = subscriptions.map((each) => [each.subscriptionId, each.figures?.totalCost]);
  const expected = customer.subscriptions.map(({ id, totalCost }) => [id, totalCost]);
  expect(totals.toSorted()).toEqual(expected.toSorted());
}

const idsOf = (night: Night, outcome: string) =>
  [...night.simulator.customers()].filter((each) => each.outcome === outcome).map(({ id }) => id);

function summaryPath(customerId: string): string {
  return `/v1/customers/${customerId}/usagesummary`;
}

const noUsage = {
  status: 404,
  body: JSON.stringify({ code: 3000, description: 'Customer does not have usage data.' }),
};
const unavailable = { status: 503, body: '' };
/** Of a sign-in without multi-factor authentication. */
const deadAnswer = { status: 401, body: '{"code":900421}' };

describe('a run', () => {
  it('captures every customer, subscription and plan, and proves it', async () => {
    const night = createNight({ customers: 60 });
    const run = await runOf(night.run());
    expect(run).toMatchObject({
      status: 'complete',
      scope: 'all',
      trigger: 'timer',
      snapshotDate: '2026-03-10',
      customersListed: 60,
      customersWithUsage: 51,
      customersWithoutUsage: 9,
      customersRefused: 0,
      customersFailed: 0,
      customersSkipped: 0,
      customersRemaining: 0,
      subscriptionsFailed: 0,
      costMismatches: 0,
    });
    await expectWholeDay(night, run.snapshotDate);
    expect(night.events.at(-1)).toMatchObject({
      event: 'snapshot.run.completed',
      level: 'info',
      fields: { runId: run.runId, status: 'complete', customersListed: 60 },
    });
    expect(
      await collect(night.stores.snapshotRuns.list({ from: '2026-03-10', to: '2026-03-10' })),
    ).toEqual([run]);
  });

  it('asks as often as there is something to ask, and no more', async () => {
    const night = createNight({ customers: 1100 });
    const run = await runOf(night.run());
    const subscriptions = [...night.simulator.customers()].flatMap((each) => each.subscriptions);
    const withUsage = run.customersWithUsage * 2 + subscriptions.length;
    const pagesAndPartner = 3 + 2;
    expect(run.requests).toBe(withUsage + run.customersWithoutUsage + pagesAndPartner);
    expect(night.simulator.statistics.byRoute).not.toHaveProperty('subscriptions');
    expect(night.simulator.statistics.maxInFlight).toBe(8);
  });

  it('makes no further call for a customer without usage', async () => {
    const night = createNight({ customers: 40 });
    await night.run();
    const [customerId = ''] = idsOf(night, 'noUsage');
    const asked = night.simulator.statistics.log.filter(({ path }) => path.includes(customerId));
    expect(asked).toHaveLength(1);
  });

  it('works on customers while later pages load', async () => {
    const night = createNight({ customers: 1100, settings: { concurrency: 4 } });
    await night.run();
    const log = night.simulator.statistics.log.map(({ path }) => path);
    const lastPage = log.findLastIndex((path) => path.startsWith('/v1/customers?'));
    const before = log.slice(0, lastPage).filter((path) => path.endsWith('/usagesummary'));
    expect(before.length).toBeGreaterThan(300);
  });

  it('names a customer’s subscriptions by the list of subscriptions where it is told to', async () => {
    const night = createNight({ customers: 40, settings: { discovery: 'subscriptions' } });
    const run = await runOf(night.run());
    expect(run.status).toBe('complete');
    await expectWholeDay(night, run.snapshotDate);
    const { byRoute } = night.simulator.statistics;
    expect(byRoute).toHaveProperty('subscriptions', run.customersWithUsage);
    expect(byRoute).not.toHaveProperty('subscriptionUsageRecords');
  });

  it('captures those alone that the usage records name where it is told to', async () => {
    const night = createNight({ customers: 40, settings: { customers: 'usage' } });
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'complete', customersWithoutUsage: 0 });
    expect(run.customersListed).toBe(idsOf(night, 'usage').length);
    expect(night.simulator.statistics.byRoute).not.toHaveProperty('customers');
  });

  it('captures customers that only the usage records name', async () => {
    const night = createNight({ customers: 60, quirks: { unlistedCustomers: true } });
    const run = await runOf(night.run());
    const unlisted = [...night.simulator.customers()].filter((each) => !each.isListed);
    expect(unlisted.length).toBeGreaterThan(0);
    expect(run).toMatchObject({
      status: 'complete',
      customersListed: 60,
      customersOnlyInUsageRecords: unlisted.length,
    });
    await expectWholeDay(night, run.snapshotDate);
  });

  it('visits a customer once that the list names twice', async () => {
    const night = createNight({ customers: 1100, quirks: { repeatedCustomers: true } });
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'complete', customersListed: 1100 });
    const asked = night.simulator.statistics.byRoute.customerSummary;
    expect(asked).toBe(1100);
  });

  it('keeps the domain of each customer that the list names, in both of its rows', async () => {
    const night = createNight();
    const run = await runOf(night.run());
    const day = await night.day();
    for (const { id, domain } of night.simulator.customers()) {
      const own = await night.stores.usageByCustomer.getCustomerSnapshot(id, run.snapshotDate);
      expect([day.get(id)?.customerDomain, own?.customerDomain]).toEqual([domain, domain]);
    }
  });

  it('keeps the totals of each currency by itself, to the digit', async () => {
    const night = createNight({ customers: 60 });
    const { snapshotDate } = await runOf(night.run());
    const totals = await collect(
      night.stores.usageByCustomer.listTotals({ from: snapshotDate, to: snapshotDate }),
    );
    const day = [...(await night.day()).values()].flatMap((row) => row.figures ?? []);
    expect(totals.length).toBeGreaterThan(3);
    for (const { currency, totalCost, customers, customersMissing } of totals) {
      const own = day.filter((figures) => figures.currency === currency);
      // Scaled integers in place of the product's decimals, so that the two cannot err together.
      const sum = own.reduce((total, figures) => total + scaled(figures.totalCost), 0n);
      expect(scaled(totalCost)).toBe(sum);
      expect({ customers, customersMissing }).toEqual({
        customers: own.length,
        customersMissing: 0,
      });
    }
  });

  it('keeps the partner’s own summary, and goes on where there is none', async () => {
    const night = createNight({ customers: 20 });
    await night.run();
    expect(night.simulator.statistics.byRoute.partnerSummary).toBe(1);
    const without = createNight({
      customers: 20,
      overrides: { '/v1/usagesummary': { status: 410, body: '' } },
    });
    expect(await runOf(without.run())).toMatchObject({ status: 'complete' });
  });
});

/** An exact decimal literal times 10^25. */
function scaled(literal: string): bigint {
  const [whole = '', fraction = ''] = literal.split('.');
  return BigInt(whole + fraction.padEnd(25, '0'));
}

describe('a failure in one customer', () => {
  const failing = async (overrides: (night: Night) => SimulatorOptions['overrides']) => {
    const night = createNight({ customers: 40 });
    night.simulator.overrides = overrides(night) ?? {};
    return { night, run: await runOf(night.run()) };
  };

  it('costs no other customer its day', async () => {
    let id = '';
    const { night, run } = await failing((night) => {
      [id = ''] = idsOf(night, 'usage');
      return { [summaryPath(id)]: unavailable };
    });
    expect(run).toMatchObject({ status: 'partial', customersFailed: 1, customersRemaining: 0 });
    const day = await night.day();
    expect(day.size).toBe(40);
    expect(day.get(id)).toMatchObject({
      outcome: 'failed',
      failure: { phase: 'summary', status: 503, code: 'HTTP_503' },
    });
    const [failed] = night.events.filter(({ event }) => event === 'snapshot.customer.failed');
    expect(failed?.fields).toMatchObject({ customerId: id, outcome: 'failed', phase: 'summary' });
    expect(failed?.fields['correlationId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is counted among the missing of its currency', async () => {
    const { night, run } = await failing((night) => {
      const [id = ''] = idsOf(night, 'usage');
      return { [summaryPath(id)]: unavailable };
    });
    const { snapshotDate } = run;
    const totals = await collect(
      night.stores.usageByCustomer.listTotals({ from: snapshotDate, to: snapshotDate }),
    );
    expect(totals.filter(({ customersMissing }) => customersMissing === 1)).toHaveLength(1);
    expect(totals.map(({ currency }) => currency)).not.toContain('XXX');
  });

  it('leaves its figures when only a subscription of it failed', async () => {
    let customer: ExpectedCustomer | undefined;
    const { night, run } = await failing((night) => {
      customer = [...night.simulator.customers()].find((each) => each.subscriptions.length > 1);
      const path = `/v1/customers/${customer?.id}/subscriptions/${customer?.subscriptions[0]?.id}/usagesummary`;
      return { [path]: unavailable };
    });
    expect(run).toMatchObject({ status: 'partial', customersFailed: 1, subscriptionsFailed: 1 });
    const { id = '', totalCost, subscriptions = [] } = customer ?? {};
    expect((await night.day()).get(id)).toMatchObject({
      outcome: 'failed',
      figures: { totalCost },
      failure: { phase: 'subscriptionSummary', status: 503 },
    });
    const row = await night.stores.usageByCustomer.getCustomerSnapshot(id, run.snapshotDate);
    expect(row?.outcome).toBe('usage');
    const kept = await night.stores.usageByCustomer.listSubscriptionSnapshots(
      id,
      subscriptions.map((each) => each.id),
      run.snapshotDate,
    );
    expect(kept.map(({ outcome }) => outcome).toSorted()).toEqual(
      subscriptions.map((_, index) => (index === 0 ? 'failed' : 'usage')).toSorted(),
    );
  });

  it('whose list of subscriptions names one that cannot be read keeps its figures and the others', async () => {
    let customer: ExpectedCustomer | undefined;
    const { night, run } = await failing((night) => {
      customer = [...night.simulator.customers()].find((each) => each.subscriptions.length === 1);
      const [known] = customer?.subscriptions ?? [];
      const items = [
        { id: 'a/b', name: 'no key', totalCost: 1 },
        { id: known?.id, name: known?.name, totalCost: 1 },
      ];
      const path = `/v1/customers/${customer?.id}/subscriptions/usagerecords`;
      return { [path]: { status: 200, body: JSON.stringify({ items }) } };
    });
    expect(run).toMatchObject({ status: 'partial', customersFailed: 1 });
    const { id = '', totalCost, subscriptions = [] } = customer ?? {};
    expect((await night.day()).get(id)).toMatchObject({
      outcome: 'failed',
      figures: { totalCost },
      failure: { phase: 'subscriptions', code: 'SCHEMA' },
    });
    const ids = subscriptions.map((each) => each.id);
    const { usageByCustomer } = night.stores;
    const kept = await usageByCustomer.listSubscriptionSnapshots(id, ids, run.snapshotDate);
    expect(kept.map(({ outcome }) => outcome)).toEqual(['usage']);
  });

  it.each(['{}', '{"items":null}', '{"items":[]}'])(
    'is noticed where a list of subscriptions, %s, names none of somebody with a cost',
    async (body) => {
      let id = '';
      const { night, run } = await failing((night) => {
        const costly = [...night.simulator.customers()].find(({ totalCost }) => totalCost !== '0');
        id = costly?.id ?? '';
        return { [`/v1/customers/${id}/subscriptions/usagerecords`]: { status: 200, body } };
      });
      expect(run).toMatchObject({ status: 'partial', customersFailed: 1 });
      expect((await night.day()).get(id)).toMatchObject({
        outcome: 'failed',
        figures: { totalCost: night.simulator.expectedCustomer(id).totalCost },
        failure: { phase: 'subscriptions', code: 'EMPTY_LIST' },
      });
    },
  );

  it('is noticed where a "no usage" is contradicted by the usage records', async () => {
    let id = '';
    const { night, run } = await failing((night) => {
      const costly = [...night.simulator.customers()].find(({ totalCost }) => totalCost !== '0');
      id = costly?.id ?? '';
      return { [summaryPath(id)]: noUsage };
    });
    expect(run).toMatchObject({ status: 'partial', customersFailed: 1 });
    expect((await night.day()).get(id)).toMatchObject({
      outcome: 'failed',
      failure: { code: '3000', phase: 'summary' },
    });
  });

  it('of the usage records fails nobody, and a "no usage" is checked as soon as they can be read', async () => {
    let id = '';
    const { night, run } = await failing((night) => {
      [id = ''] = idsOf(night, 'usage');
      return { '/v1/customers/usagerecords': unavailable, [summaryPath(id)]: noUsage };
    });
    expect(run).toMatchObject({ status: 'partial', customersFailed: 0 });
    expect(run.customersWithoutUsage).toBe(idsOf(night, 'noUsage').length + 1);
    expect(run).not.toHaveProperty('customersRemaining');
    expect(run.error).toContain('usagerecords');
    night.simulator.overrides = { '/v1/customers/usagerecords': unavailable };
    expect(await runOf(night.run())).toMatchObject({ status: 'partial' });
    night.simulator.overrides = {};
    expect(await runOf(night.run())).toMatchObject({ status: 'complete' });
    await expectWholeDay(night, run.snapshotDate);
  });

  it('of the customer list leaves all those captured whom the usage records name', async () => {
    const { night, run } = await failing(() => ({ '/v1/customers': unavailable }));
    expect(run).toMatchObject({ status: 'partial', customersListed: idsOf(night, 'usage').length });
    expect(run.customersWithUsage).toBe(idsOf(night, 'usage').length);
    expect(run).not.toHaveProperty('customersRemaining');
  });

  it('counts a summary that is unlike its usage record, and keeps both', async () => {
    const { run } = await failing((night) => {
      const [id = ''] = idsOf(night, 'usage');
      const body = {
        totalCost: 999_999.5,
        currencyCode: 'EUR',
        billingStartDate: '2026-03-01T00:00:00Z',
        billingEndDate: '2026-04-01T00:00:00Z',
      };
      return { [summaryPath(id)]: { status: 200, body: JSON.stringify(body) } };
    });
    expect(run).toMatchObject({ status: 'complete', costMismatches: 1 });
  });
});

describe('what concerns everybody', () => {
  it.each([
    ['a sign-in that is refused', { refusal: { error: 'invalid_grant', code: 700082 } }, /90 days/],
    ['missing multi-factor authentication', { isWithoutMfa: true }, /MFA/],
    ['a wrong audience', { hasWrongAudience: true }, /audience/],
  ])('stops the run at once: %s', async (_name, signIn, message) => {
    const night = createNight({ customers: 40, signIn });
    const run = await runOf(night.run());
    expect(run.status).toBe('failed');
    expect(run.error).toMatch(message);
    expect(night.events.at(-1)).toMatchObject({ event: 'snapshot.run.failed' });
    expect(night.simulator.statistics.requests).toBeLessThan(5);
    const [record] = await collect(
      night.stores.snapshotRuns.list({ from: run.snapshotDate, to: run.snapshotDate }),
    );
    expect(record).toEqual(run);
  });

  const deadSignIn = (ids: readonly string[]) =>
    Object.fromEntries(ids.map((id) => [summaryPath(id), deadAnswer]));

  it('is a sign-in that is refused for three customers in a row: then siblings end as well', async () => {
    const night = createNight({ customers: 200, signIn: { isAppOnly: true } });
    const run = await runOf(night.run());
    expect(run.status).toBe('failed');
    expect(run.error).toMatch(/refused for 3 customers in a row: .*app-only/);
    expect(night.simulator.statistics.byRoute.customerSummary).toBeLessThan(20);
    expect(run.durationMs).toBeLessThan(5_000);
  });

  it('is no sign-in that is refused for two customers while others are served', async () => {
    const night = createNight({ customers: 120 });
    const ids = idsOf(night, 'usage');
    const blamed = [ids[3] ?? '', ids[40] ?? ''];
    night.simulator.overrides = deadSignIn(blamed);
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersFailed: 2, customersRemaining: 0 });
    expect((await night.day()).get(blamed[0] ?? '')).toMatchObject({
      outcome: 'failed',
      failure: { phase: 'summary', status: 401, code: '900421' },
    });
    expect(run.tokenRequests).toBe(1);
  });

  it.each([401, 403, 404, 400])(
    'is no answer %s of a list or of the partner’s summary: everybody known is captured',
    async (status) => {
      const refused = { status, body: '{"code":3000,"description":"Authorization failed"}' };
      const without = async (path: string) => {
        const night = createNight({ customers: 60, overrides: { [path]: refused } });
        return runOf(night.run());
      };
      expect(await without('/v1/usagesummary')).toMatchObject({ status: 'complete' });
      expect(await without('/v1/customers/usagerecords')).toMatchObject({
        status: 'partial',
        customersListed: 60,
        customersFailed: 0,
      });
      expect(await without('/v1/customers')).toMatchObject({
        status: 'partial',
        customersListed: 51,
        customersWithUsage: 51,
      });
    },
  );

  it('stops the siblings of a pause that is longer than the run has: nobody fails for it', async () => {
    const night = createNight({ customers: 300 });
    const ids = idsOf(night, 'usage');
    const pause = { status: 429, headers: { 'retry-after': '7200' }, body: '' };
    night.simulator.overrides = { [summaryPath(ids[100] ?? '')]: pause };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersFailed: 0 });
    expect(run.customersRemaining).toBeGreaterThan(100);
    expect(run.error).toBe('stopped: Partner Center asked for a pause of 7200 s');
    expect(run.durationMs).toBeLessThan(60_000);
    expect([...(await night.day()).values()].some(({ outcome }) => outcome === 'failed')).toBe(
      false,
    );
  });

  it('records how old the refresh token is that it leaves', async () => {
    const night = createNight({ customers: 5 });
    const { runId, snapshotDate } = await runOf(night.run());
    const range = { from: snapshotDate, to: snapshotDate };
    expect(await Array.fromAsync(night.stores.snapshotRuns.list(range))).toMatchObject([
      { runId, refreshTokenAgeDays: 0 },
    ]);
  });

  it('renews an access token that ends in mid-run, and loses nothing', async () => {
    const faults = { expireToken: { afterRequests: 40 } };
    const night = createNight({ customers: 60, latencyMs: 20_000, faults });
    const run = await runOf(night.run());
    expect(run.status).toBe('complete');
    expect(run.tokenRequests).toBeGreaterThan(3);
    await expectWholeDay(night, run.snapshotDate);
  });

  it('waits out throttling without a request too early', async () => {
    const night = createNight({
      customers: 60,
      faults: { throttle: { hiddenPerMinute: 60 } },
      settings: { concurrency: 1 },
    });
    const run = await runOf(night.run());
    expect(run.status).toBe('complete');
    expect(run.throttled).toBeGreaterThan(0);
    expect(night.simulator.statistics.requestsBeforeRetryAfter).toBe(0);
    await expectWholeDay(night, run.snapshotDate);
  });
});

describe('a repeated run of the day', () => {
  it('takes up only what is missing or failed, and counts the rest as skipped', async () => {
    const night = createNight({ customers: 40 });
    const [id = '', other = ''] = idsOf(night, 'usage');
    night.simulator.overrides = {
      [summaryPath(id)]: unavailable,
      [summaryPath(other)]: unavailable,
    };
    await night.run();
    night.simulator.overrides = {};
    night.simulator.resetStatistics();
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'complete', customersSkipped: 38, customersWithUsage: 34 });
    expect(night.simulator.statistics.byRoute.customerSummary).toBe(2);
    await expectWholeDay(night, run.snapshotDate);
  });

  it('captures all again when it is forced', async () => {
    const night = createNight({ customers: 40 });
    await night.run();
    night.simulator.resetStatistics();
    const run = await runOf(night.run({ isForced: true }));
    expect(run).toMatchObject({ status: 'complete', customersSkipped: 0 });
    expect(night.simulator.statistics.byRoute.customerSummary).toBe(40);
  });

  it('never replaces a better outcome of the day, of customers or of subscriptions', async () => {
    const night = createNight({ customers: 40 });
    const first = await runOf(night.run());
    night.simulator.faults = { customerFails: { rate: 1 } };
    const second = await runOf(night.run({ isForced: true }));
    expect(second).toMatchObject({ status: 'partial', customersFailed: 0 });
    expect(second.error).toContain('could not be captured once more');
    night.simulator.faults = {};
    await expectWholeDay(night, first.snapshotDate);
    const paths = [...night.simulator.customers()].flatMap(({ id, subscriptions }) =>
      subscriptions.map((each) => `/v1/customers/${id}/subscriptions/${each.id}/usagesummary`),
    );
    night.simulator.overrides = Object.fromEntries(paths.map((path) => [path, unavailable]));
    const third = await night.run({ isForced: true });
    expect(third).toMatchObject({ run: { status: 'partial', subscriptionsFailed: 0 } });
    await expectWholeDay(night, first.snapshotDate);
    // What was kept hides no failure of the one who asked.
    expect(third).toHaveProperty('failures.length', paths.length);
  });

  it('keeps the ledger like the history where a forced capture fails after its summary', async () => {
    const night = createNight({ customers: 40 });
    await night.run();
    const [id = ''] = idsOf(night, 'usage');
    await night.clock.advance(20 * 3_600_000);
    const later = night.simulator.expectedCustomer(id);
    const body = {
      totalCost: 777.5,
      ...(later.currencyCode ? { currencyCode: later.currencyCode } : { currencyLocale: 'en-US' }),
      billingStartDate: later.billingStartDate,
      billingEndDate: later.billingEndDate,
    };
    night.simulator.overrides = {
      [summaryPath(id)]: { status: 200, body: JSON.stringify(body) },
      [`/v1/customers/${id}/subscriptions/usagerecords`]: unavailable,
    };
    const run = await runOf(night.run({ isForced: true }));
    expect(run).toMatchObject({ status: 'partial', customersFailed: 0 });
    const own = await night.stores.usageByCustomer.getCustomerSnapshot(id, run.snapshotDate);
    expect(own?.figures?.totalCost).toBe('777.5');
    const day = (await night.day()).get(id);
    expect(day).toMatchObject({ outcome: 'usage', figures: { totalCost: '777.5' } });
  });

  it('asks again for a "no usage" that a later run’s usage records contradict', async () => {
    const night = createNight({ customers: 40 });
    const costly = [...night.simulator.customers()].find(({ totalCost }) => totalCost !== '0');
    const noRecords = { status: 200, body: '{"totalCount":0,"items":[]}' };
    night.simulator.overrides = {
      '/v1/customers/usagerecords': noRecords,
      [summaryPath(costly?.id ?? '')]: noUsage,
    };
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersWithUsage: 33 });
    night.simulator.overrides = {};
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersWithUsage: 34 });
    await expectWholeDay(night, '2026-03-10');
  });

  it('takes up a customer that was refused, is served, and fails after its summary', async () => {
    const night = createNight({ customers: 40 });
    const [id = ''] = idsOf(night, 'usage');
    night.simulator.faults = { customerRefused: { ids: [id] } };
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersRefused: 1 });
    night.simulator.faults = {};
    night.simulator.overrides = { [`/v1/customers/${id}/subscriptions/usagerecords`]: unavailable };
    expect(await runOf(night.run())).toMatchObject({ status: 'partial', customersFailed: 1 });
    night.simulator.overrides = {};
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersFailed: 0 });
    await expectWholeDay(night, '2026-03-10');
  });

  it('leaves the partner’s own row as it was when its summary fails', async () => {
    const night = createNight({ customers: 20 });
    const { snapshotDate } = await runOf(night.run());
    night.simulator.overrides = { '/v1/usagesummary': unavailable };
    await night.run({ isForced: true });
    const { usageByCustomer } = night.stores;
    const row = await usageByCustomer.getPartnerSnapshot(snapshotDate);
    expect(row).toMatchObject({
      outcome: 'usage',
      figures: { totalCost: night.simulator.expectedPartner().totalCost },
    });
  });

  it('takes back a total whose customers turned out to be of another currency', async () => {
    const night = createNight({ customers: 20 });
    const unknown = [...night.simulator.customers()].find(({ kind }) => kind === 'licensesOnly');
    night.simulator.faults = { customerFails: { ids: [unknown?.id ?? ''] } };
    await night.run();
    night.simulator.faults = {};
    const { snapshotDate } = await runOf(night.run());
    const { usageByCustomer } = night.stores;
    const totals = await collect(
      usageByCustomer.listTotals({ from: snapshotDate, to: snapshotDate }),
    );
    expect(totals.find(({ currency }) => currency === 'XXX')).toMatchObject({
      totalCost: '0',
      customers: 0,
      customersMissing: 0,
    });
  });

  it('fails a day whose summary came before and does not come again, and keeps the figures', async () => {
    const night = createNight({ customers: 40 });
    const [id = ''] = idsOf(night, 'usage');
    night.simulator.overrides = { [`/v1/customers/${id}/subscriptions/usagerecords`]: unavailable };
    await night.run();
    night.simulator.overrides = { [summaryPath(id)]: unavailable };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersFailed: 1 });
    const { totalCost } = night.simulator.expectedCustomer(id);
    expect((await night.day()).get(id)).toMatchObject({
      outcome: 'failed',
      figures: { totalCost },
    });
    night.simulator.overrides = {};
    expect(await runOf(night.run())).toMatchObject({ status: 'complete' });
    await expectWholeDay(night, run.snapshotDate);
  });

  it('of one customer captures that one, and proves no day', async () => {
    const night = createNight({ customers: 40 });
    const [customerId = ''] = idsOf(night, 'usage');
    const run = await runOf(night.run({ customerId, trigger: 'cli' }));
    expect(run).toMatchObject({
      scope: 'customer',
      status: 'partial',
      customersListed: 1,
      customersWithUsage: 1,
      customersRemaining: 0,
    });
    expect([...(await night.day()).keys()]).toEqual([customerId]);
    expect(night.events.at(-1)).toMatchObject({ event: 'snapshot.run.completed', level: 'info' });
  });

  it('of one customer, found without the list, leaves the domain that the day has of it', async () => {
    const night = createNight();
    await night.run();
    const { id, domain } = night.simulator.expectedCustomer(0);
    const again = await runOf(night.run({ customerId: id, isForced: true }));
    expect((await night.day()).get(id)).toMatchObject({
      runId: again.runId,
      customerDomain: domain,
    });
  });

  it('of a customer whom nobody knows is a mistake of whoever asks', async () => {
    const night = createNight({ customers: 40 });
    const customerId = '00000000-0000-4000-8000-000000000000';
    await expect(night.run({ customerId })).rejects.toMatchObject({ code: 'CONFIGURATION' });
    expect((await night.day()).size).toBe(0);
  });
});

describe('rows that cannot be read', () => {
  it('are told and passed over: of runs, and of the ledger, which is captured anew', async () => {
    const runs = new MemoryTable('SnapshotRuns');
    const days = new MemoryTable('UsageByDay');
    const stores = createStoresOver({
      usageByCustomer: new MemoryTable('UsageByCustomer'),
      usageByDay: days,
      usageByAzureSubscription: new MemoryTable('UsageByAzureSubscription'),
      snapshotRuns: runs,
      budgetAlerts: new MemoryTable('BudgetAlerts'),
    });
    const night = createNight({ customers: 20, stores });
    await night.run();
    const [row] = night.simulator.customers();
    await runs.upsert([{ partitionKey: '2026-03-09', rowKey: 'odd', status: 'from the future' }]);
    const odd = { partitionKey: '2026-03-10', rowKey: row?.id ?? '', outcome: 'odd' };
    await days.upsert([odd]);
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersSkipped: 19 });
    await expectWholeDay(night, '2026-03-10');
    const delivered = night.events.filter(({ event }) => event === 'snapshot.row.unreadable');
    expect(delivered.map(({ fields }) => fields['error'])).toEqual([
      expect.stringContaining('SnapshotRuns'),
      expect.stringContaining('UsageByDay'),
    ]);
  });
});

/** Answers to the summaries of all subscriptions of these customers. */
function subscriptionsOf(night: Night, ids: readonly string[], status: number) {
  const customers = ids.map((id) => night.simulator.expectedCustomer(id, night.clock.now()));
  const paths = customers.flatMap(({ id, subscriptions }) =>
    subscriptions.map((each) => `/v1/customers/${id}/subscriptions/${each.id}/usagesummary`),
  );
  return Object.fromEntries(paths.map((path) => [path, { status, body: '{"code":20003}' }]));
}

describe('refusals', () => {
  it('of subscriptions that are too many to be their own keep a day from being complete', async () => {
    const night = createNight({ customers: 40 });
    const paths = [...night.simulator.customers()].flatMap(({ id, subscriptions }) =>
      subscriptions.map((each) => `/v1/customers/${id}/subscriptions/${each.id}/usagesummary`),
    );
    const refused = { status: 403, body: '{"code":900308}' };
    night.simulator.overrides = Object.fromEntries(paths.map((path) => [path, refused]));
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersWithUsage: 0, customersFailed: 34 });
    expect(run.error).toContain('right on subscriptions');
    const figures = [...(await night.day()).values()].filter((row) => row.figures !== undefined);
    expect(figures).toHaveLength(34);

    expect(await runOf(night.run())).toMatchObject({ status: 'partial', customersFailed: 34 });
    night.simulator.overrides = {};
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersWithUsage: 34 });
    await expectWholeDay(night, '2026-03-10');
  });

  it('of all subscriptions that a run asks for are a lost right, however few these are', async () => {
    const night = createNight({ customers: 100 });
    const late = idsOf(night, 'usage').slice(0, 10);
    night.simulator.faults = { customerFails: { ids: late } };
    expect(await runOf(night.run())).toMatchObject({ status: 'partial', customersFailed: 10 });
    night.simulator.faults = {};
    night.simulator.overrides = subscriptionsOf(night, late, 403);
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersFailed: 10 });
    night.simulator.overrides = {};
    expect(await runOf(night.run())).toMatchObject({ status: 'complete' });
  });

  it('of subscriptions that are gone stand in no way, however many these are', async () => {
    const night = createNight({ customers: 40 });
    night.simulator.overrides = subscriptionsOf(night, idsOf(night, 'usage'), 404);
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersFailed: 0 });
  });

  it('of one subscription keep nobody’s row from the ledger when the run has to end', async () => {
    const night = createNight({ customers: 40, settings: { concurrency: 1 } });
    const [forbidden = '', ...others] = idsOf(night, 'usage');
    const blamed = others.slice(-3).map((id) => [summaryPath(id), deadAnswer]);
    night.simulator.overrides = {
      ...subscriptionsOf(night, [forbidden], 403),
      ...Object.fromEntries(blamed),
    };
    expect(await runOf(night.run())).toMatchObject({ status: 'failed' });
    expect((await night.day()).get(forbidden)).toMatchObject({ outcome: 'usage' });
  });

  it('that end are not lost where the answer cannot be kept', async () => {
    const night = createNight({ customers: 60 });
    const [id = ''] = idsOf(night, 'noUsage');
    night.simulator.faults = { customerRefused: { ids: [id] } };
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersRefused: 1 });
    night.simulator.faults = {};
    const { upsertCustomer } = night.stores.usageByCustomer;
    night.stores.usageByCustomer.upsertCustomer = async () => {
      throw new Error('no room');
    };
    expect(await runOf(night.run())).toMatchObject({ status: 'partial', customersRefused: 1 });
    night.stores.usageByCustomer.upsertCustomer = upsertCustomer;
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersRefused: 0 });
  });

  it('of a few subscriptions are kept, with the customer’s figures', async () => {
    const night = createNight({ customers: 60 });
    const [id = ''] = idsOf(night, 'usage');
    const { subscriptions } = night.simulator.expectedCustomer(id, night.clock.now());
    night.simulator.overrides = Object.fromEntries(
      subscriptions.map((each) => [
        `/v1/customers/${id}/subscriptions/${each.id}/usagesummary`,
        { status: 404, body: '{"code":1000}' },
      ]),
    );
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersFailed: 0 });
    expect((await night.day()).get(id)).toMatchObject({ outcome: 'usage' });
  });

  it('of a customer’s list of subscriptions fail its first day, and no other', async () => {
    const night = createNight({ customers: 60 });
    const [id = ''] = idsOf(night, 'usage');
    const refused = { status: 403, body: '{"code":900308}' };
    night.simulator.overrides = { [`/v1/customers/${id}/subscriptions/usagerecords`]: refused };
    expect(await runOf(night.run())).toMatchObject({ status: 'partial', customersFailed: 1 });
    const delivered = () =>
      night.events.filter(({ event }) => event === 'snapshot.customer.failed');
    expect(delivered()).toMatchObject([{ fields: { customerId: id, phase: 'subscriptions' } }]);
    for (let day = 0; day < 2; day++) {
      await night.clock.advance(24 * 3_600_000);
      expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersFailed: 0 });
      expect((await night.day()).get(id)).toMatchObject({
        outcome: 'usage',
        failure: { phase: 'subscriptions', status: 403 },
      });
    }
    expect(delivered()).toHaveLength(1);
  });

  it('of everybody’s list of subscriptions keep every day from being complete', async () => {
    const night = createNight({ customers: 40 });
    const refused = { status: 403, body: '{"code":900308}' };
    night.simulator.overrides = Object.fromEntries(
      idsOf(night, 'usage').map((id) => [
        `/v1/customers/${id}/subscriptions/usagerecords`,
        refused,
      ]),
    );
    for (let day = 0; day < 3; day++) {
      expect(await runOf(night.run())).toMatchObject({ status: 'partial', customersFailed: 34 });
      await night.clock.advance(24 * 3_600_000);
    }
  });

  it('by "no usage data" of the list of somebody who spent nothing are an empty list', async () => {
    const night = createNight({ customers: 60 });
    const expected = [...night.simulator.customers()];
    const free = expected.find(
      ({ outcome, totalCost }) => outcome === 'usage' && totalCost === '0',
    );
    const [costly = ''] = idsOf(night, 'usage').filter((id) => id !== free?.id);
    const noData = { status: 404, body: '{"code":3000}' };
    night.simulator.overrides = Object.fromEntries(
      [free?.id, costly].map((id) => [`/v1/customers/${id}/subscriptions/usagerecords`, noData]),
    );
    await night.run();
    const day = await night.day();
    expect(day.get(free?.id ?? '')).toMatchObject({ outcome: 'usage' });
    expect(day.get(costly)).toMatchObject({ outcome: 'failed', failure: { code: '3000' } });
  });

  it('are kept though the run stops for everybody’s sake', async () => {
    const night = createNight({ customers: 40, settings: { concurrency: 1 } });
    const [first = '', ...others] = idsOf(night, 'usage');
    night.simulator.faults = { customerRefused: { ids: [first] } };
    const blamed = others.slice(-3).map((id) => [summaryPath(id), deadAnswer]);
    night.simulator.overrides = Object.fromEntries(blamed);
    expect(await runOf(night.run())).toMatchObject({ status: 'failed' });
    expect((await night.day()).get(first)).toMatchObject({ outcome: 'refused' });
  });

  it('stand in no way, are asked again by a run that happens anyway, and are told once', async () => {
    const night = createNight({ customers: 100 });
    const [one = '', other = ''] = idsOf(night, 'usage');
    night.simulator.faults = { customerRefused: { ids: [one, other] } };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'complete', customersRefused: 2, customersFailed: 0 });
    const delivered = () =>
      night.events.filter(({ event }) => event === 'snapshot.customer.failed');
    expect(delivered().map(({ fields }) => fields['outcome'])).toEqual(['refused', 'refused']);

    await night.clock.advance(24 * 3_600_000);
    await night.run();
    expect(delivered()).toHaveLength(2);

    night.simulator.faults = {};
    night.simulator.resetStatistics();
    expect(await runOf(night.run())).toMatchObject({ customersRefused: 0, customersSkipped: 98 });
  });

  it('of more than 5 customers and more than a tenth are an outage, and failures', async () => {
    const refusedOf = async (count: number) => {
      const night = createNight({ customers: 60 });
      night.simulator.faults = { customerRefused: { ids: idsOf(night, 'usage').slice(0, count) } };
      return runOf(night.run());
    };
    expect(await refusedOf(6)).toMatchObject({ status: 'complete', customersRefused: 6 });
    expect(await refusedOf(7)).toMatchObject({ status: 'partial', customersFailed: 7 });
  });
});

describe('a customer list', () => {
  const emptyList = { '/v1/customers': { status: 200, body: '{"totalCount":0,"items":[]}' } };

  it('that is empty is not believed', async () => {
    const night = createNight({ customers: 40, overrides: emptyList });
    const records = { '/v1/customers/usagerecords': emptyList['/v1/customers'] };
    night.simulator.overrides = { ...emptyList, ...records };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersListed: 0 });
    expect(run.error).toBe('the customer list is empty');
  });

  it('that is empty is not believed though the usage records name customers', async () => {
    const night = createNight({ customers: 60, overrides: emptyList });
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersListed: 51, customersWithUsage: 51 });
    expect(run.error).toBe('the customer list is empty');
  });

  it('of usage records that is empty is not believed where they alone are asked', async () => {
    const records = { '/v1/customers/usagerecords': emptyList['/v1/customers'] };
    const night = createNight({ settings: { customers: 'usage' }, overrides: records });
    expect(await runOf(night.run())).toMatchObject({
      status: 'partial',
      error: 'the list of usage records is empty',
    });
  });

  it('is not compared where only the usage records are asked', async () => {
    const night = createNight({ customers: 60 });
    await night.run();
    await night.clock.advance(24 * 3_600_000);
    const [only] = [...night.simulator.customers()].filter(({ kind }) => kind === 'azurePlan');
    const items = [{ id: only?.id, name: only?.name, totalCost: 1, currencyCode: 'EUR' }];
    night.simulator.overrides = {
      '/v1/customers/usagerecords': { status: 200, body: JSON.stringify({ items }) },
    };
    night.context.settings.customers = 'usage';
    expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersListed: 1 });
  });

  const nightAfter = async (left: number) => {
    const night = createNight({ customers: 60 });
    await night.run();
    await night.clock.advance(24 * 3_600_000);
    const few = [...night.simulator.customers()].slice(0, left);
    const items = few.map(({ id, name }) => ({ id, companyProfile: { companyName: name } }));
    const gone = [...night.simulator.customers()].slice(left);
    night.simulator.overrides = {
      '/v1/customers': { status: 200, body: JSON.stringify({ totalCount: left, items }) },
      '/v1/customers/usagerecords': emptyList['/v1/customers'],
    };
    return { night, gone };
  };
  const notFound = { status: 404, body: '{"code":1000}' };

  it.each([59, 25])(
    'that names %s of 60 is not believed where the others are still served, and costs nobody its day',
    async (left) => {
      const { night } = await nightAfter(left);
      const run = await runOf(night.run());
      expect(run).toMatchObject({ status: 'partial', customersListed: 60 });
      expect(run).not.toHaveProperty('customersRemaining');
      expect(run.error).toContain(`left out ${60 - left} customers`);
      await expectWholeDay(night, run.snapshotDate);
      night.simulator.overrides = {};
      expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersListed: 60 });
    },
  );

  it.each([59, 25])(
    'that names %s of 60 is believed where the others have left, who are asked once',
    async (left) => {
      const { night, gone } = await nightAfter(left);
      for (const { id } of gone) night.simulator.overrides[summaryPath(id)] = notFound;
      const run = await runOf(night.run());
      expect(run).toMatchObject({ status: 'complete', customersListed: left });
      const day = await night.day();
      expect(gone.some(({ id }) => day.has(id))).toBe(false);
      await night.clock.advance(24 * 3_600_000);
      night.simulator.resetStatistics();
      expect(await runOf(night.run())).toMatchObject({ status: 'complete', customersListed: left });
      expect(night.simulator.statistics.byRoute.customerSummary).toBe(left);
    },
  );

  it('that cannot be read leaves all those captured whom the last one named', async () => {
    const night = createNight({ customers: 60 });
    await night.run();
    await night.clock.advance(24 * 3_600_000);
    night.simulator.overrides = { '/v1/customers': unavailable };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersListed: 60, customersWithUsage: 51 });
    await expectWholeDay(night, run.snapshotDate);
  });

  it('that cannot be read, and no usage records either, fail the run with both causes', async () => {
    const night = createNight({ customers: 60 });
    night.simulator.overrides = {
      '/v1/customers': unavailable,
      '/v1/customers/usagerecords': { status: 502, body: '' },
    };
    const run = await runOf(night.run());
    expect(run.status).toBe('failed');
    expect(run.error).toMatch(/customers answered 503.*usagerecords answered 502/);
  });

  it('is not compared where the ledger of the last one cannot be read: the day says so', async () => {
    const night = createNight({ customers: 20 });
    await night.run();
    await night.clock.advance(24 * 3_600_000);
    const { usageByDay } = night.stores;
    const listDay = usageByDay.listDay.bind(usageByDay);
    usageByDay.listDay = (date, ...rest) => {
      if (date === '2026-03-10') throw new Error('out of reach');
      return listDay(date, ...rest);
    };
    const run = await runOf(night.run());
    expect(run).toMatchObject({ status: 'partial', customersWithUsage: 17 });
    expect(run.error).toBe(
      'the customers of 2026-03-10 could not be read to compare: out of reach',
    );
  });
});
