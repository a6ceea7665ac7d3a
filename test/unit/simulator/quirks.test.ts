import { describe, expect, it } from 'vitest';
import { allQuirks, type Quirks } from '../../../src/simulator/quirks.ts';
import { bodyOf, headersOf, nextOf, readPages, signIn } from './session.ts';

const idsOf = (pages: { items: { id: string }[] }[]) =>
  pages.flatMap((page) => page.items.map((item) => item.id.toLowerCase()));
const withQuirks = (quirks: Quirks, customers = 50) => signIn({ customers, quirks });

describe('quirks', () => {
  it('are absent by default', () => {
    const answer = signIn().get('/v1/customers');
    expect(answer.body.toString().startsWith('{')).toBe(true);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(bodyOf(answer).totalCount).toBe(20);
  });

  it('put a byte order mark before bodies, and errors, of the API alone', () => {
    const { get, simulator } = withQuirks({ byteOrderMark: true, bareContentType: true });
    expect(get('/v1/customers').body.toString().charCodeAt(0)).toBe(0xfeff);
    expect(get('/v1/nothing').body.toString().charCodeAt(0)).toBe(0xfeff);
    expect(get('/v1/customers').headers['content-type']).toBe('application/json');
    const path = `/${simulator.partnerTenantId}/v2.0/.well-known/openid-configuration`;
    expect(get(path).body.toString().startsWith('{')).toBe(true);
  });

  it('leave the version out of the next link', () => {
    const [page] = readPages(
      withQuirks({ nextLinkWithoutVersion: true }).get,
      '/v1/customers?size=20',
    ).pages;
    expect(nextOf(page).uri).toBe('/customers?size=20&seekOperation=Next');
  });

  it('refuse the next page to whoever does not copy all headers of the link', () => {
    const { get } = withQuirks({ nextLinkExtraHeader: true });
    const { pages } = readPages(get, '/v1/customers?size=20');
    expect(pages).toHaveLength(3);
    const { uri, headers } = nextOf(pages[0]);
    const answer = get(uri, headersOf({ uri, headers: headers.slice(0, 1) }));
    expect([answer.status, bodyOf(answer).code]).toEqual([400, 800002]);
  });

  it('end the list by a continuation that answers 400 with code 2000', () => {
    const { simulator, get } = withQuirks({ continuationAfterLastPage: true });
    const { pages, end } = readPages(get, '/v1/customers?size=20');
    expect(idsOf(pages)).toEqual([...simulator.customers()].map(({ id }) => id));
    expect([end.status, bodyOf(end).code]).toEqual([400, 2000]);
  });

  it('end the list by a page without links', () => {
    const { pages } = readPages(
      withQuirks({ lastPageWithoutLinks: true }).get,
      '/v1/customers?size=20',
    );
    expect(pages.map((page) => page.links !== undefined)).toEqual([true, true, false]);
  });

  it.each(['seconds', 'date'] as const)(
    'answer 204 with Retry-After in %s, then the page',
    (kind) => {
      const { get, clock } = withQuirks({ pageNotReady: kind });
      const { pages, end } = readPages(get, '/v1/customers?size=20');
      expect([pages.length, end.status, end.body]).toEqual([1, 204, '']);
      const retryAfter = end.headers['retry-after'] ?? '';
      if (kind === 'seconds') expect(retryAfter).toBe('1');
      else expect(Date.parse(retryAfter) - clock.now()).toBeGreaterThanOrEqual(1000);
      const next = nextOf(pages[0]);
      expect(get(next.uri, headersOf(next)).status).toBe(200);
    },
  );

  it('lie about totalCount', () => {
    expect(bodyOf(withQuirks({ wrongTotalCount: true }).get('/v1/customers')).totalCount).toBe(57);
  });

  it('name the last customer of a page on the next one again, and lose none', () => {
    const { simulator, get } = withQuirks({ repeatedCustomers: true });
    const { pages } = readPages(get, '/v1/customers?size=20');
    expect(pages[1]?.items[0]?.id).toBe(pages[0]?.items[19]?.id);
    expect(idsOf(pages)).toHaveLength(52);
    expect(new Set(idsOf(pages))).toEqual(new Set([...simulator.customers()].map(({ id }) => id)));
  });

  it('leave customers to the usage records alone, and expectations say whom', () => {
    const { simulator, get } = withQuirks({ unlistedCustomers: true });
    const all = [...simulator.customers()];
    const unlisted = all.filter(({ isListed }) => !isListed);
    expect(unlisted.length).toBeGreaterThan(3);
    const listed = idsOf(readPages(get, '/v1/customers?size=20').pages);
    expect(listed).toEqual(all.filter(({ isListed }) => isListed).map(({ id }) => id));
    const recorded = idsOf(readPages(get, '/v1/customers/usagerecords').pages);
    for (const { id } of unlisted) expect(recorded).toContain(id);
  });

  it('serve the usage records in pages', () => {
    const { simulator, get } = withQuirks({ usageRecordsPageSize: 7 });
    const { pages } = readPages(get, '/v1/customers/usagerecords');
    expect(pages.length).toBeGreaterThan(3);
    const expected = [...simulator.customers()].filter((each) => each.hasUsageRecord);
    expect(idsOf(pages)).toEqual(expected.map(({ id }) => id));
  });

  it('write ids in upper case, codes as strings, and ammount', () => {
    const { simulator, get } = withQuirks({
      upperCaseIds: true,
      stringCodes: true,
      misspeltAmount: true,
    });
    const [item] = bodyOf(get('/v1/customers/usagerecords')).items;
    expect(item?.id).toMatch(/^[0-9A-F-]{36}$/);
    expect(bodyOf(get('/v1/nothing')).code).toBe('1000');
    const all = [...simulator.customers()];
    const legacy = all.find(({ kind, budgetAmount }) => kind === 'legacy' && budgetAmount);
    const { budget } = bodyOf(get(`/v1/customers/${legacy?.id}/usagesummary`));
    expect(budget.ammount).toBe(Number(legacy?.budgetAmount));
    expect(budget.amount).toBeUndefined();
  });

  it('repeat a continuation without end', () => {
    const { get } = withQuirks({ repeatedContinuation: true });
    expect(() => readPages(get, '/v1/customers?size=10')).toThrow('no end');
  });

  it('lead to another host', () => {
    const page = bodyOf(withQuirks({ foreignNextLink: true }).get('/v1/customers?size=10'));
    expect(new URL(nextOf(page).uri).host).toBe('partner-center.example');
  });

  it('lose nobody all together', () => {
    const { simulator, get } = withQuirks({ ...allQuirks });
    const patient: typeof get = (path, headers) => {
      const answer = get(path, headers);
      return answer.status === 204 ? get(path, headers) : answer;
    };
    const { pages, end } = readPages(patient, '/v1/customers?size=20');
    expect([end.status, bodyOf(end).code]).toEqual([400, '2000']);
    const records = readPages(patient, '/v1/customers/usagerecords');
    const known = new Set([...idsOf(pages), ...idsOf(records.pages)]);
    expect(known).toEqual(new Set([...simulator.customers()].map(({ id }) => id)));
  });
});
