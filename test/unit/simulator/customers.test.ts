import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../../src/simulator/simulator.ts';
import { bodyOf, headersOf, nextOf, readPages, signIn, TestClock } from './session.ts';

const idsOf = (pages: { items: { id: string }[] }[]) =>
  pages.flatMap((page) => page.items.map((item) => item.id));

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

describe('the list of customers', () => {
  it('serves every customer exactly once over all pages', () => {
    const { simulator, get } = signIn({ customers: 1234 });
    const { pages } = readPages(get, '/v1/customers?size=500');
    expect(pages.map((page) => page.items.length)).toEqual([500, 500, 234]);
    expect(idsOf(pages)).toEqual([...simulator.customers()].map(({ id }) => id));
  });

  it('gives 500 where a page names no size or a larger one', () => {
    const { get } = signIn({ customers: 600 });
    for (const path of ['/v1/customers', '/v1/customers?size=0', '/v1/customers?size=900']) {
      expect(bodyOf(get(path)).items).toHaveLength(500);
    }
  });

  it('refuses a size that is no number', () => {
    expect(signIn().get('/v1/customers?size=many').status).toBe(400);
  });

  it.each(['/v1/customers', '/customers', '/v1//customers'])(
    'can be read at %s by its links, and by the token in the body as well',
    (path) => {
      const { simulator, get } = signIn({ customers: 45 });
      const all = [...simulator.customers()].map(({ id }) => id);
      for (const way of ['link', 'token'] as const) {
        const { pages } = readPages(get, `${path}?size=20`, way);
        expect(pages.map((page) => page.items.length)).toEqual([20, 20, 5]);
        expect(idsOf(pages)).toEqual(all);
        expect(pages.map((page) => page.continuationToken !== undefined)).toEqual([
          true,
          true,
          false,
        ]);
      }
    },
  );

  it('names the next page in the shape that clients copy: uri, method and headers', () => {
    const page = bodyOf(signIn({ customers: 45 }).get('/v1/customers?size=20'));
    expect(page.links?.next).toEqual({
      uri: '/v1/customers?size=20&seekOperation=Next',
      method: 'GET',
      headers: [{ key: 'MS-ContinuationToken', value: page.continuationToken }],
    });
  });

  it.each(['link', 'token'] as const)('can name the next page by a %s alone', (continuation) => {
    const { simulator, get } = signIn({ customers: 45, quirks: { continuation } });
    const { pages } = readPages(get, '/v1/customers?size=20', continuation);
    const [page] = pages;
    expect(page?.links?.next !== undefined).toBe(continuation === 'link');
    expect(page?.continuationToken !== undefined).toBe(continuation === 'token');
    expect(idsOf(pages)).toEqual([...simulator.customers()].map(({ id }) => id));
  });

  it('answers 400 with code 2000 to a continuation without a token it gave', () => {
    const { get } = signIn({ customers: 45 });
    const usage = readPages(
      signIn({ customers: 45, quirks: { usageRecordsPageSize: 5 } }).get,
      '/v1/customers/usagerecords',
    );
    const foreign = nextOf(usage.pages[0]).headers[0]?.value;
    for (const token of [undefined, 'invented', foreign]) {
      const headers = token === undefined ? {} : { 'ms-continuationtoken': token };
      const answer = get('/v1/customers?size=20&seekOperation=Next', headers);
      expect([answer.status, bodyOf(answer).code]).toEqual([400, 2000]);
    }
  });

  it.each(['Previous', 'previous', 'PREVIOUS'])(
    'goes to the page before one by %s, as its links do',
    (seekOperation) => {
      const { get } = signIn({ customers: 65 });
      const { pages } = readPages(get, '/v1/customers?size=20');
      const token = pages[2]?.continuationToken ?? '';
      const path = `/v1/customers?seekOperation=${seekOperation}`;
      const before = bodyOf(get(path, { 'ms-continuationtoken': token }));
      expect(before.items).toEqual(pages[1]?.items);
      const link = pages[3]?.links?.previous;
      expect(link && bodyOf(get(link.uri, headersOf(link))).items).toEqual(pages[2]?.items);
      expect(pages[0]?.links?.previous).toBeUndefined();
      const first = { 'ms-continuationtoken': pages[0]?.continuationToken ?? '' };
      expect(bodyOf(get(path, first)).code).toBe(2000);
    },
  );

  it('goes to its ends by First and Last, with a token and without', () => {
    const { get } = signIn({ customers: 65 });
    const { pages } = readPages(get, '/v1/customers?size=20');
    const headers = { 'ms-continuationtoken': pages[1]?.continuationToken ?? '' };
    const seek = (operation: string, query = '', sent = {}) =>
      bodyOf(get(`/v1/customers?seekOperation=${operation}${query}`, sent));
    expect(seek('First', '', headers).items).toEqual(pages[0]?.items);
    expect(seek('last', '', headers).items).toEqual(pages[3]?.items);
    expect(seek('First', '&size=20').items).toEqual(pages[0]?.items);
    expect(seek('Last', '&size=20').items).toEqual(pages[3]?.items);
    expect(seek('Last', '', headers).links?.next).toBeUndefined();
  });

  it('goes on with the page size and the filter of the list where a seek names neither', () => {
    const { simulator, get } = signIn({ customers: 65 });
    const filter = { Field: 'Domain', Value: 'customer1', Operator: 'starts_with' };
    const path = `/v1/customers?size=4&filter=${encodeURIComponent(JSON.stringify(filter))}`;
    const { pages } = readPages(get, path);
    const expected = [...simulator.customers()].filter(({ index }) => /^1/.test(`${index}`));
    expect(pages.map((page) => page.items.length)).toEqual([4, 4, 3]);
    expect(idsOf(pages)).toEqual(expected.map(({ id }) => id));
    const headers = { 'ms-continuationtoken': pages[1]?.continuationToken ?? '' };
    const sought = bodyOf(get('/v1/customers?seekOperation=Next', headers));
    expect(sought.items).toEqual(pages[2]?.items);
    const other = bodyOf(get('/v1/customers?size=2&seekOperation=Next', headers));
    expect(other.items).toEqual(pages[2]?.items.slice(0, 2));
  });

  it('does not know other seeks', () => {
    const answer = signIn().get('/v1/customers?seekOperation=PageIndex');
    expect([answer.status, bodyOf(answer).code]).toEqual([400, 800002]);
  });

  it('names customers as the documentation does', () => {
    const { simulator, get } = signIn();
    const [item] = bodyOf(get('/v1/customers?size=1')).items;
    const { id, name } = simulator.expectedCustomer(0);
    expect(item).toMatchObject({
      id,
      companyProfile: { tenantId: id, companyName: name },
      relationshipToPartner: 'reseller',
      attributes: { objectType: 'Customer' },
    });
  });
});

describe('the filter of the list of customers', () => {
  const ask = (filter: unknown) => {
    const { simulator, get } = signIn({ customers: 200 });
    const text = typeof filter === 'string' ? filter : JSON.stringify(filter);
    const answer = get(`/v1/customers?size=0&filter=${encodeURIComponent(text)}`);
    return { answer, all: [...simulator.customers()] };
  };

  it.each([
    ["in the .NET SDK's words", { Field: 'CompanyName', Value: 'GOLDEN', Operator: 'starts_with' }],
    [
      "in the Java client's words",
      { field: 'CompanyName', value: 'golden', operator: 'StartsWith', fieldType: 'STRING' },
    ],
  ])('finds names by their beginning, whatever the case, %s', (_, filter) => {
    const { answer, all } = ask(filter);
    const expected = all.filter(({ name }) => name.startsWith('Golden'));
    expect(expected.length).toBeGreaterThan(1);
    expect(bodyOf(answer).items.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(bodyOf(answer).totalCount).toBe(expected.length);
  });

  it('finds nobody by an indirect reseller or provider', () => {
    for (const Field of ['IndirectReseller', 'IndirectCloudSolutionProvider']) {
      const { answer } = ask({ Field, Value: 'a', Operator: 'starts_with' });
      expect([answer.status, bodyOf(answer).items]).toEqual([200, []]);
    }
  });

  it.each([
    ['an unknown field', { Field: 'Country', Value: 'a', Operator: 'starts_with' }, 'field'],
    ['an unknown operator', { Field: 'Domain', Value: 'a', Operator: 'equals' }, 'operator'],
    ['no operator', { Field: 'Domain', Value: 'a' }, 'operator'],
    ['no value', { Field: 'Domain', Operator: 'starts_with' }, 'value'],
    ['a text that is no JSON', 'CompanyName eq a', 'JSON'],
  ])('is refused with a documented error for %s', (_, filter, word) => {
    const { answer } = ask(filter);
    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toEqual({
      code: 800002,
      description: expect.stringContaining(word),
      data: [],
      source: 'PartnerFD',
    });
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
