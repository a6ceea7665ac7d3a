import { describe, expect, it } from 'vitest';
import { listPages } from '../../../src/partner-center/paging.ts';
import {
  type Answer,
  clientFor,
  clientOf,
  collect,
  customerId,
  customers,
  idsOf,
  nextLink,
  pathsOf,
  sample,
} from './clientHarness.ts';

const ended: Answer = { status: 400, body: sample('error-code2000') };

interface Listing {
  count: number;
  /** Largest page, whatever is asked for. */
  largestPage?: number;
  /** Whether the last page names a next one, which answers that the list has ended. */
  isTokenEndless?: boolean;
  /** Whether a continuation is answered so; pages and readings count from 1. */
  isBroken?: (page: number, reading: number) => boolean;
}

/** A list of the customers `c1` to `c<count>`, in pages with a token in the body. */
function listOf({ count, largestPage = 100, isTokenEndless, isBroken = () => false }: Listing) {
  let [page, reading] = [0, 0];
  return clientFor(({ url = '', headers }) => {
    const from = Number(headers['ms-continuationtoken'] ?? 0);
    page++;
    if (from === 0) {
      reading++;
      page = 1;
    }
    if (from >= count || (from > 0 && isBroken(page, reading))) return ended;
    const asked = Number(new URLSearchParams(url.split('?')[1]).get('size'));
    const next = Math.min(count, from + Math.min(asked, largestPage));
    const ids = Array.from({ length: next - from }, (_, index) => `c${from + index + 1}`);
    const hasNext = next < count || isTokenEndless;
    return { body: customers(ids, hasNext ? { continuationToken: String(next) } : {}) };
  });
}

/** The ids that a list gives, and what it fails with at last. */
async function read(pages: AsyncIterable<{ id: string }[]>) {
  const ids: string[] = [];
  try {
    for await (const page of pages) ids.push(...page.map(({ id }) => id));
  } catch (error) {
    return { ids, error };
  }
  return { ids, error: undefined };
}

const brokenOff = { name: 'UnreadableError', code: 'LIST_BROKEN_OFF' };

describe('a continuation answered by "the list has ended" (400, code 2000)', () => {
  it('is the end after a page that is shorter than an earlier one', async () => {
    const { client, server } = await listOf({ count: 250, isTokenEndless: true });
    const { ids, error } = await read(client.listCustomers());
    expect([ids.length, error, server.requests.length]).toEqual([250, undefined, 4]);
  });

  it('is the end after an empty page', async () => {
    const { client, server } = await clientOf([
      { body: customers(['a'], { continuationToken: 'T1' }) },
      { body: customers([], { continuationToken: 'T2' }) },
      ended,
    ]);
    expect(await idsOf(client.listCustomers())).toEqual(['a']);
    expect(server.requests).toHaveLength(3);
  });

  it('is the end of a list whose first page is empty', async () => {
    const { client, server } = await clientOf([
      { body: customers([], { continuationToken: 'T1' }) },
      ended,
    ]);
    expect(await idsOf(client.listCustomers())).toEqual([]);
    expect(server.requests).toHaveLength(2);
  });

  it('is the end also where a link led there', async () => {
    const { client } = await clientOf([
      { body: customers(['a', 'b'], nextLink('/customers', 'T1')) },
      { body: customers(['c'], nextLink('/customers', 'T2')) },
      ended,
    ]);
    expect(await idsOf(client.listCustomers())).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [1, 1],
    [80, 40],
    [101, 51],
    [300, 50],
  ])(
    'is the end of %i customers once a second reading in pages of %i names the same',
    async (count, size) => {
      const largestPage = count === 101 ? 101 : 100;
      const { client, server } = await listOf({ count, largestPage, isTokenEndless: true });
      const { ids, error } = await read(client.listCustomers());
      expect(ids).toHaveLength(count);
      expect(error).toBeUndefined();
      const second = pathsOf(server).filter((path) => path.includes(`?size=${size}`));
      expect(second.length).toBeGreaterThanOrEqual(Math.ceil(count / size));
    },
  );

  it('is no end where each continuation is refused: what was named is given, then it is told', async () => {
    const { client, server } = await listOf({ count: 300, isBroken: () => true });
    const { ids, error } = await read(client.listCustomers());
    expect(ids).toHaveLength(100);
    expect(error).toMatchObject({ ...brokenOff, facts: { path: '/v1/customers' } });
    expect(server.requests).toHaveLength(4);
  });

  it('is no end where one continuation failed: the second reading gives the rest', async () => {
    const isBroken = (page: number, reading: number) => reading === 1 && page === 2;
    const { client } = await listOf({ count: 300, isBroken });
    const { ids, error } = await read(client.listCustomers());
    expect(ids).toEqual(Array.from({ length: 300 }, (_, index) => `c${index + 1}`));
    expect(error).toBeUndefined();
  });

  it.each([
    [
      'ends in doubt at another place',
      (page: number, reading: number) => page === (reading === 1 ? 2 : 4),
      150,
    ],
    ['names fewer', (page: number, reading: number) => page === (reading === 1 ? 3 : 2), 200],
  ])('is no end where the second reading %s', async (_what, isBroken, listed) => {
    const { client } = await listOf({ count: 300, isBroken });
    const { ids, error } = await read(client.listCustomers());
    expect(ids).toHaveLength(listed);
    expect(error).toMatchObject(brokenOff);
  });

  it('is no end where the second reading names others', async () => {
    const { client } = await clientOf([
      { body: customers(['a', 'b'], { continuationToken: 'T1' }) },
      ended,
      { body: customers(['a', 'c']) },
    ]);
    const { ids, error } = await read(client.listCustomers());
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(error).toMatchObject(brokenOff);
  });

  it('is looked into in every list, also in one that knows no page size', async () => {
    const item = JSON.parse(sample('customers-usagerecords')).items[1];
    const page = (id: string) => ({ items: [{ ...item, id }], continuationToken: `after ${id}` });
    const { client, server } = await clientOf([
      { body: page('a') },
      ended,
      { body: page('a') },
      { body: { ...page('b'), continuationToken: null } },
    ]);
    const records = await collect(client.listCustomerUsageRecords());
    expect(records.map((record) => record.customerId)).toEqual(['a', 'b']);
    expect(pathsOf(server)[2]).toBe('/v1/customers/usagerecords?size=1');
  });

  it.each([
    ['in the second reading alone', 0, 2],
    ['in more places in the second reading', 1, 2],
    ['in more places in the first reading', 2, 1],
  ])('hides no items that cannot be read %s', async (_where, first, second) => {
    const page = (unreadable: number, continuationToken?: string) => {
      const items = Array.from({ length: unreadable }, () => ({}));
      return { body: { items: [...items, ...customers(['a', 'b']).items], continuationToken } };
    };
    const { client } = await clientOf([page(first, 'T'), ended, page(second)]);
    const { ids, error } = await read(client.listCustomers());
    expect(ids).toEqual(['a', 'b']);
    expect(String(error)).toContain(`${Math.max(first, second)} items could not be read`);
  });

  it('does not count an item twice that cannot be read in both readings', async () => {
    const body = { items: [{}, ...customers(['a', 'b']).items], continuationToken: 'T' };
    const { client } = await clientOf([{ body }, ended, { body }, ended]);
    const { ids, error } = await read(client.listCustomers());
    expect(ids).toEqual(['a', 'b']);
    expect(String(error)).toContain('1 items could not be read');
  });
});

describe('a list that goes on and on', () => {
  it('is given up after 100 000 pages', async () => {
    let pages = 0;
    const getPage = async () => ({ items: [], continuationToken: `${++pages}` });
    const list = { path: '/customers', baseUrl: new URL('https://api.example'), facts: {} };
    const read = async () => {
      for await (const _ of listPages({ ...list, getPage })) if (pages > 100_000) break;
    };
    await expect(read()).rejects.toMatchObject({ code: 'PAGING_LOOP' });
    expect(pages).toBe(100_000);
  });
});

describe('a page of a list', () => {
  it.each([
    [{}],
    [{ totalCount: 0 }],
    [{ TotalCount: 0, attributes: { objectType: 'Collection' } }],
    [{ items: null, totalCount: 0 }],
    [{ items: null, links: null, continuationToken: null }],
    [{ links: { self: { uri: '/customers' } } }],
  ])('without items and without a next link is an empty list: %j', async (body) => {
    const { client } = await clientOf([{ body }]);
    expect(await collect(client.listSubscriptions(customerId))).toEqual([]);
  });

  it.each([
    ['items that are no list', { items: {} }],
    ['something else', { unexpected: true }],
    ['an error', { code: 1000, description: 'Not found' }],
    ['an error of the gateway', { statusCode: 500, message: 'Internal server error' }],
    ['a next link and no items', { continuationToken: 'T' }],
  ])('is not taken for an empty list with %s', async (_what, body) => {
    const { client } = await clientOf([{ body }]);
    const error = { name: 'UnreadableError', code: 'SCHEMA' };
    await expect(collect(client.listCustomers())).rejects.toMatchObject(error);
  });

  it.each([
    ['no uri', { links: { next: { uri: null } } }],
    ['an empty uri', { links: { next: { uri: '' } } }],
    [
      'a header without value',
      { links: { next: { uri: '/a', headers: [{ key: 'a', value: null }] } } },
    ],
    ['another method', nextLink('/customers', 'T', 'POST')],
    ['another host', nextLink('https://elsewhere.example/v1/customers')],
    ['links that are none', { links: 'next' }],
    ['a token that is none', { continuationToken: {} }],
  ])('gives its items where its next link has %s', async (_what, next) => {
    const { client, server } = await clientOf([{ body: customers(['a', 'b'], next) }]);
    const { ids, error } = await read(client.listCustomers());
    expect(ids).toEqual(['a', 'b']);
    expect(error).toMatchObject({ name: 'UnreadableError', code: 'NEXT_LINK' });
    expect(server.requests).toHaveLength(1);
  });
});
