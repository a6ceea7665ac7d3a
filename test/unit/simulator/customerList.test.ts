import { describe, expect, it } from 'vitest';
import { bodyOf, headersOf, nextOf, readPages, signIn } from './session.ts';

const idsOf = (pages: { items: { id: string }[] }[]) =>
  pages.flatMap((page) => page.items.map((item) => item.id));

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
