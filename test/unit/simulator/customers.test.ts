import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../../src/simulator/simulator.ts';
import { bodyOf, signIn, TestClock } from './session.ts';

describe('the customers of a simulated partner', () => {
  it('are the same for the same seed and others for another', () => {
    const clock = new TestClock();
    const one = [...createSimulator({ clock, seed: 3 }).customers()];
    expect([...createSimulator({ clock, seed: 3 }).customers()]).toEqual(one);
    const other = [...createSimulator({ clock, seed: 4 }).customers()];
    expect(other.map(({ id }) => id)).not.toEqual(one.map(({ id }) => id));
  });

  it('hold every kind among twenty', () => {
    for (const seed of [1, 2, 3, 99]) {
      const all = [...createSimulator({ clock: new TestClock(), seed }).customers()];
      const count = (test: (customer: (typeof all)[number]) => boolean) => all.filter(test).length;
      expect(count(({ kind }) => kind === 'azurePlan')).toBe(13);
      expect(count(({ kind }) => kind === 'legacy')).toBe(4);
      expect(count(({ kind }) => kind === 'licensesOnly')).toBe(3);
      expect(count(({ subscriptions }) => subscriptions.length === 3)).toBe(1);
      expect(count(({ totalCost, outcome }) => outcome === 'usage' && totalCost === '0')).toBe(2);
    }
  });

  it('can all be made to have usage, of so many subscriptions each', () => {
    const simulator = createSimulator({ clock: new TestClock(), subscriptionsPerCustomer: 2 });
    for (const { outcome, subscriptions } of simulator.customers()) {
      expect(outcome).toBe('usage');
      expect(subscriptions).toHaveLength(2);
    }
  });

  it('have ids, names and subscriptions of their own among ten thousand', () => {
    const simulator = createSimulator({ clock: new TestClock(), customers: 10_000 });
    const ids = new Set<string>();
    const names = new Set<string>();
    const subscriptionIds = new Set<string>();
    let subscriptions = 0;
    for (const customer of simulator.customers()) {
      ids.add(customer.id);
      names.add(customer.name);
      for (const { id } of customer.subscriptions) subscriptionIds.add(id);
      subscriptions += customer.subscriptions.length;
    }
    expect(ids.size).toBe(10_000);
    expect(names.size).toBe(10_000);
    expect(subscriptionIds.size).toBe(subscriptions);
  });

  it('can be named by index, or by id in any case', () => {
    const { simulator } = signIn({ customers: 100_000 });
    const customer = simulator.expectedCustomer(99_999);
    expect(simulator.expectedCustomer(customer.id.toUpperCase())).toEqual(customer);
    expect(() => simulator.expectedCustomer(100_000)).toThrow(RangeError);
    expect(() => simulator.expectedCustomer('nobody')).toThrow(/nobody/);
  });
});

describe('the subscriptions of a customer', () => {
  it('are the usage-based ones and licences and reservations without a usage summary', () => {
    const { simulator, get } = signIn({ customers: 200 });
    const codes = new Set<string>();
    for (const customer of simulator.customers()) {
      const { items } = bodyOf(get(`/v1/customers/${customer.id}/subscriptions`));
      const usage = items.filter((item) => item.billingType === 'usage');
      expect(usage.map(({ id }) => id.toLowerCase())).toEqual(
        customer.subscriptions.map(({ id }) => id),
      );
      for (const { id } of items.slice(usage.length)) {
        const answer = get(`/v1/customers/${customer.id}/subscriptions/${id}/usagesummary`);
        codes.add(`${answer.status}/${bodyOf(answer).code}`);
      }
    }
    expect([...codes].sort()).toEqual(['400/3000', '404/20003', '404/3000']);
  });

  it('say what they are of the catalog and how they are billed', () => {
    const { simulator, get } = signIn({ customers: 40 });
    const items = [...simulator.customers()].flatMap(
      ({ id }) => bodyOf(get(`/v1/customers/${id}/subscriptions`)).items,
    );
    for (const item of items) {
      const isLegacy = item.offerId === 'MS-AZR-0145P';
      const own = isLegacy ? ['offer'] : ['product', 'sku', 'availability'];
      expect(Object.keys(item.links ?? {})).toEqual([...own, 'self']);
      expect(item).toMatchObject({
        isTrial: false,
        hasPurchasableAddons: false,
        isMicrosoftProduct: true,
        termDuration: expect.stringMatching(/^P\d[MY]$/),
      });
    }
    const cycles = items.map((item) => `${item.billingType} ${item.billingCycle}`);
    expect(new Set(cycles)).toEqual(
      new Set(['usage monthly', 'license monthly', 'license one_time']),
    );
    const reservation = items.find((item) => item.billingCycle === 'one_time');
    expect(reservation?.links?.['availability']?.uri).toBe(
      '/products/DZH318Z0BQ4B/skus/00H8/availabilities/DZH318Z0D1PZ?country=US',
    );
  });

  it('have upper-case ids where they are legacy', () => {
    const { simulator, get } = signIn();
    const legacy = [...simulator.customers()].find(({ kind }) => kind === 'legacy');
    const [item] = bodyOf(get(`/v1/customers/${legacy?.id}/subscriptions`)).items;
    expect(item?.id).toBe(legacy?.subscriptions[0]?.id.toUpperCase());
    expect(item?.offerId).toBe('MS-AZR-0145P');
  });
});

describe('a customer by its id', () => {
  it('is the one that the list names, in the list or not', () => {
    const { simulator, get } = signIn({ customers: 30, quirks: { unlistedCustomers: true } });
    const listed = bodyOf(get('/v1/customers')).items;
    for (const { id } of simulator.customers()) {
      const answer = get(`/v1/customers/${id.toUpperCase()}`);
      expect(answer.status).toBe(200);
      const item = listed.find((each) => each.id === id);
      if (item) expect(bodyOf(answer)).toEqual(item);
    }
  });

  it('is not found where it is nobody’s', () => {
    const answer = signIn().get('/v1/customers/00000000-0000-4000-8000-000000000000');
    expect([answer.status, bodyOf(answer).code]).toEqual([404, 60003]);
  });
});
