import { describe, expect, it } from 'vitest';
import { FatalError, RetriableError, UnauthorizedError } from '../../../src/errors.ts';
import {
  captureCustomer,
  dayRowOf,
  type RecordOfCustomer,
} from '../../../src/snapshot/captureCustomer.ts';
import type { SubscriptionDiscovery } from '../../../src/snapshot/captureOptions.ts';
import { FieldReport } from '../../../src/snapshot/fieldReport.ts';
import { SignInWatch } from '../../../src/snapshot/signInWatch.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { Failure, SubscriptionSnapshot } from '../../../src/usage/usageSnapshot.ts';
import { createNight } from '../../support/night.ts';
import { dayOf, spender } from '../../support/recordedDays.ts';

const failureOf = (phase: Failure['phase']): Failure => ({
  phase,
  code: 'HTTP_500',
  message: 'no',
});
const customer = dayOf('2026-03-10', '5', { raw: '{}', subscriptionIds: ['a'] });

function subscription(change: Pick<SubscriptionSnapshot, 'outcome' | 'failure'>) {
  const { snapshotDate, capturedAt, runId, customerName } = customer;
  const names = { customerName, subscriptionId: 'a', subscriptionName: 'Azure' };
  return {
    resource: 'subscription' as const,
    ...{ snapshotDate, capturedAt, runId, customerId: spender, ...names, ...change },
  };
}

describe('the row of the day of a capture', () => {
  it('is the customer’s own one without its body and its list', () => {
    const { raw: _, subscriptionIds: _ids, ...row } = customer;
    const subscriptions = [subscription({ outcome: 'usage' })];
    expect(dayRowOf({ customer, subscriptions })).toEqual(row);
  });

  it('has failed, with its figures, where a subscription has or their list', () => {
    const failure = failureOf('subscriptionSummary');
    const subscriptions = [
      subscription({ outcome: 'refused', failure: failureOf('summary') }),
      subscription({ outcome: 'failed', failure }),
    ];
    expect(dayRowOf({ customer, subscriptions })).toMatchObject({
      outcome: 'failed',
      failure,
      figures: { totalCost: '5' },
    });
    const listFailure = failureOf('subscriptions');
    expect(dayRowOf({ customer, subscriptions, listFailure }).failure).toEqual(listFailure);
  });

  it('has usage where a subscription is refused, or their list: of that it has the refusal', () => {
    const listRefusal = failureOf('subscriptions');
    const refused = [subscription({ outcome: 'refused', failure: failureOf('summary') })];
    expect(dayRowOf({ customer, subscriptions: refused })).not.toHaveProperty('failure');
    expect(dayRowOf({ customer, subscriptions: [], listRefusal })).toMatchObject({
      outcome: 'usage',
      failure: listRefusal,
    });
  });

  it('without usage is what the summary says', () => {
    const { figures: _, ...bare } = dayOf('2026-03-10', '0', { outcome: 'noUsage' });
    const listFailure = failureOf('subscriptions');
    expect(dayRowOf({ customer: bare, subscriptions: [], listFailure })).toEqual(bare);
  });
});

describe('a customer that is asked for', () => {
  const start = '2026-03-10T02:30:00.000Z';
  const unavailable = { status: 503, body: '' };
  const forbidden = { status: 403, body: '{"code":900308}' };
  const noUsage = {
    status: 404,
    body: JSON.stringify({ code: 3000, description: 'Customer does not have usage data.' }),
  };
  const empty = { status: 200, body: '{"items":[]}' };
  type Answer = { status: number; body: string };

  /** A customer with two subscriptions or more, and the capture of it with changed answers. */
  function createCapture() {
    const night = createNight({ customers: 20 });
    const found = [...night.simulator.customers()].find((each) => each.subscriptions.length > 1);
    if (!found) throw new Error('expected a customer with subscriptions');
    const { id, totalCost } = found;
    const ids = found.subscriptions.map((each) => each.id).toSorted();
    const own = `/v1/customers/${id}`;
    const paths = {
      summary: `${own}/usagesummary`,
      records: `${own}/subscriptions/usagerecords`,
      list: `${own}/subscriptions`,
      subscription: `${own}/subscriptions/${ids[0]}/usagesummary`,
    };
    const signIn = new SignInWatch();
    const fields = new FieldReport();
    const capture = (
      answers: Partial<Record<keyof typeof paths, Answer>> = {},
      {
        record,
        discovery = 'usagerecords',
        ...listed
      }: {
        record?: RecordOfCustomer;
        discovery?: SubscriptionDiscovery;
        name?: string;
        domain?: string;
      } = {},
    ) => {
      night.simulator.overrides = Object.fromEntries(
        Object.entries(answers).map(([what, each]) => [paths[what as keyof typeof paths], each]),
      );
      const { clock, context } = night;
      const signal = new AbortController().signal;
      return clock.run(
        captureCustomer({ id, name: 'Listed', ...listed }, record, {
          partnerCenter: context.connect(signal, clock.now() + 3_600_000),
          discovery,
          concurrency: 2,
          snapshotDate: '2026-03-10',
          runId: 'run',
          fields,
          signIn,
          now: clock.now,
        }),
      );
    };
    const unreadableFields = () => {
      fields.emit(night.context.events, { unfamiliarNoUsage: 0 });
      return night.events.map((each) => each.fields['field']);
    };
    return { capture, id, ids, totalCost, signIn, unreadableFields };
  }

  const recordOf = (customerId: string, cost: string, currencyCode = 'SEK') => ({
    customerId,
    customerName: 'Listed',
    totalCost: parseAmount(cost),
    currencyCode,
  });
  const summaryOf = (totalCost: number) => ({
    status: 200,
    body: JSON.stringify({
      resourceName: 'By its summary',
      totalCost,
      currencyCode: 'EUR',
      billingStartDate: '2026-03-01T00:00:00Z',
      billingEndDate: '2026-04-01T00:00:00Z',
    }),
  });

  it('has its figures, the body, and those of each subscription, in the order of their ids', async () => {
    const { capture, id, ids, totalCost } = createCapture();
    const { customer, subscriptions, ...rest } = await capture();
    expect(rest).toEqual({});
    expect(customer).toMatchObject({
      resource: 'customer',
      snapshotDate: '2026-03-10',
      runId: 'run',
      customerId: id,
      customerName: 'Listed',
      outcome: 'usage',
      figures: { totalCost },
      subscriptionIds: ids,
    });
    expect(customer.capturedAt > start).toBe(true);
    expect(JSON.parse(customer.raw ?? '')).toHaveProperty('totalCost');
    expect(subscriptions.map(({ subscriptionId }) => subscriptionId)).toEqual(ids);
    for (const each of subscriptions) {
      expect(each).toMatchObject({ resource: 'subscription', outcome: 'usage', runId: 'run' });
      expect(each).toMatchObject({ customerId: id, customerName: 'Listed' });
      expect(JSON.parse(each.raw ?? '')).toHaveProperty('totalCost');
      expect(JSON.parse(each.rawUsageRecord ?? '')).toHaveProperty('totalCost');
    }
  });

  it('has the name of its summary where the list has none but its id', async () => {
    const { capture, id } = createCapture();
    const named = await capture({ summary: summaryOf(5) }, { name: id.toUpperCase() });
    expect(named.customer.customerName).toBe('By its summary');
    expect(named.subscriptions[0]?.customerName).toBe('By its summary');
    const other = await capture({ summary: summaryOf(5) });
    expect(other.customer.customerName).toBe('Listed');
  });

  it('has the domain that the list has, if any', async () => {
    const { capture } = createCapture();
    const { customer } = await capture({}, { domain: 'listed.example' });
    expect(customer.customerDomain).toBe('listed.example');
    expect((await capture()).customer).not.toHaveProperty('customerDomain');
  });

  it('that fails or is refused has no more than that, and the currency of its usage record', async () => {
    const { capture, id } = createCapture();
    const failed = await capture({ summary: unavailable }, { record: recordOf(id, '5') });
    expect(failed).toMatchObject({
      customer: {
        outcome: 'failed',
        failure: { phase: 'summary', status: 503, code: 'HTTP_503' },
        expectedCurrency: 'SEK',
      },
      subscriptions: [],
    });
    const unread = { record: new RetriableError('HTTP_500', 'no records') };
    for (const options of [{}, unread]) {
      const { customer } = await capture({ summary: unavailable }, options);
      expect(customer).not.toHaveProperty('expectedCurrency');
    }
    const refused = await capture({ summary: forbidden }, { record: recordOf(id, '5') });
    expect(refused.customer).toMatchObject({ outcome: 'refused', failure: { status: 403 } });
    expect(refused.customer).not.toHaveProperty('expectedCurrency');
    expect(refused).not.toHaveProperty('listFailure');
  });

  it('has no usage where its usage record names no cost, or none could be read', async () => {
    const { capture, id } = createCapture();
    const unread = new RetriableError('HTTP_500', 'no records');
    for (const record of [undefined, recordOf(id, '0'), unread]) {
      const { customer } = await capture({ summary: noUsage }, { record });
      expect(customer.outcome).toBe('noUsage');
      expect(customer).not.toHaveProperty('failure');
      expect(customer).not.toHaveProperty('figures');
    }
    const { customer } = await capture({ summary: noUsage }, { record: recordOf(id, '5') });
    expect(customer).toMatchObject({
      outcome: 'failed',
      failure: { phase: 'summary', code: '3000' },
      expectedCurrency: 'SEK',
    });
  });

  it('keeps its figures where the list of its subscriptions fails or is refused', async () => {
    const { capture, totalCost } = createCapture();
    const failed = await capture({ records: unavailable });
    expect(failed).toMatchObject({
      customer: { outcome: 'usage', figures: { totalCost } },
      listFailure: { phase: 'subscriptions', status: 503 },
    });
    expect(failed).not.toHaveProperty('listRefusal');
    expect(failed.customer).not.toHaveProperty('subscriptionIds');
    const refused = await capture({ records: forbidden });
    expect(refused).toMatchObject({ listRefusal: { phase: 'subscriptions', status: 403 } });
    expect(refused).not.toHaveProperty('listFailure');
    expect(refused.customer).not.toHaveProperty('subscriptionIds');
  });

  it('may have an empty list of subscriptions only where it costs nothing', async () => {
    const { capture } = createCapture();
    for (const records of [empty, noUsage]) {
      const costless = await capture({ summary: summaryOf(0), records });
      expect(costless).not.toHaveProperty('listFailure');
      expect(costless.customer.subscriptionIds).toEqual([]);
      const costly = await capture({ summary: summaryOf(5), records });
      expect(costly.listFailure?.code).toBe(records === empty ? 'EMPTY_LIST' : '3000');
      expect(costly.customer).not.toHaveProperty('subscriptionIds');
    }
    const failed = await capture({ summary: summaryOf(0), records: unavailable });
    expect(failed.listFailure).toMatchObject({ status: 503 });
  });

  it('keeps what its list named until it broke off', async () => {
    const { capture, ids } = createCapture();
    const items = [{ id: ids[0], name: 'Azure', totalCost: 1 }, { name: 'no id' }];
    const broken = await capture({ records: { status: 200, body: JSON.stringify({ items }) } });
    expect(broken.subscriptions.map(({ subscriptionId }) => subscriptionId)).toEqual([ids[0]]);
    expect(broken.listFailure).toMatchObject({ phase: 'subscriptions', code: 'SCHEMA' });
  });

  it('has the outcome of each subscription by its own answer', async () => {
    const { capture } = createCapture();
    const firstOf = async (subscription: Answer, discovery?: SubscriptionDiscovery) =>
      (await capture({ subscription }, discovery && { discovery })).subscriptions[0];
    expect(await firstOf(unavailable)).toMatchObject({
      outcome: 'failed',
      failure: { phase: 'subscriptionSummary', status: 503 },
    });
    expect(await firstOf(forbidden)).toMatchObject({
      outcome: 'refused',
      failure: { phase: 'subscriptionSummary', status: 403 },
    });
    // Its usage record names a cost, of which the other list says nothing.
    expect(await firstOf(noUsage)).toMatchObject({
      outcome: 'failed',
      failure: { phase: 'subscriptionSummary', code: '3000' },
    });
    expect(await firstOf(noUsage, 'subscriptions')).toMatchObject({ outcome: 'noUsage' });
  });

  it('has a subscription once that its list names twice, with the line of the larger cost', async () => {
    const { capture, ids } = createCapture();
    const items = [1, 3, 2].map((totalCost) => ({ id: ids[0], name: 'Azure', totalCost }));
    const { subscriptions } = await capture({
      records: { status: 200, body: JSON.stringify({ items }) },
    });
    expect(subscriptions).toHaveLength(1);
    expect(JSON.parse(subscriptions[0]?.rawUsageRecord ?? '')).toMatchObject({ totalCost: 3 });
  });

  it('has each subscription as its list describes it, and nothing that the list leaves out', async () => {
    const { capture, ids } = createCapture();
    const [first, second] = ids;
    const described = {
      id: first,
      friendlyName: 'Azure',
      status: 'active',
      partnerId: '6048879',
      offerId: 'MS-AZR-0145P',
      billingType: 'usage',
    };
    const items = [described, { id: second, friendlyName: 'Other', billingType: 'usage' }];
    const list = { status: 200, body: JSON.stringify({ items }) };
    const { subscriptions } = await capture({ list }, { discovery: 'subscriptions' });
    expect(subscriptions[0]).toMatchObject({
      subscriptionId: first,
      subscriptionName: 'Azure',
      subscriptionStatus: 'active',
      partnerOnRecord: '6048879',
      offerId: 'MS-AZR-0145P',
    });
    for (const name of ['subscriptionStatus', 'offerId', 'partnerOnRecord']) {
      expect(subscriptions[1]).not.toHaveProperty(name);
    }
  });

  it('has the fields noted that cannot be read in the lines of its subscriptions', async () => {
    const { capture, ids, unreadableFields } = createCapture();
    const items = [{ id: ids[0], name: 'Azure', totalCost: 1, usdTotalCost: 'much' }];
    await capture({ records: { status: 200, body: JSON.stringify({ items }) } });
    expect(unreadableFields()).toContain('usdTotalCost');
  });

  it('has those of the list of subscriptions that are billed by use', async () => {
    const { capture, ids } = createCapture();
    const { customer, subscriptions } = await capture({}, { discovery: 'subscriptions' });
    expect(customer.subscriptionIds).toEqual(ids);
    for (const each of subscriptions) expect(each).not.toHaveProperty('rawUsageRecord');
  });

  it('ends the run where the sign-in is refused for the third customer in a row', async () => {
    const { capture, signIn } = createCapture();
    const refused = () => capture({ summary: { status: 401, body: '{"code":900421}' } });
    const error = new UnauthorizedError('900421', 'no right');
    expect((await refused()).customer.outcome).toBe('failed');
    signIn.noteUnauthorized('another', error);
    await capture();
    // One that is served in between shows that the sign-in is good.
    expect((await refused()).customer.outcome).toBe('failed');
    signIn.noteUnauthorized('yet another', error);
    expect(() => signIn.noteUnauthorized('a third', error)).toThrow(FatalError);
    await expect(refused()).rejects.toThrow(FatalError);
  });
});
