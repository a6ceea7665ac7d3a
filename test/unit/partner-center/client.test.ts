import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../support/virtualClock.ts';
import {
  type Answer,
  clientOf,
  collect,
  customerId,
  customers,
  idsOf,
  nextLink,
  pathsOf,
  sample,
  summary,
  summaryPath,
} from './clientHarness.ts';

describe('a request', () => {
  it('asks for JSON, names itself, its run and the contract, and carries the token', async () => {
    const { client, server } = await clientOf([{ body: summary() }]);
    await client.getCustomerUsageSummary(customerId);
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'GET', path: summaryPath });
    expect(request?.headers).toMatchObject({
      accept: 'application/json',
      authorization: 'Bearer token 1',
      'ms-correlationid': 'c0ffee00-0000-4000-8000-000000000000',
      'ms-contract-version': 'v1',
      connection: 'keep-alive',
    });
    expect(request?.headers['ms-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps its request id on every try, and another request has another', async () => {
    const answers = [{ status: 503 }, { status: 500, body: '' }, { body: summary() }];
    const { client, clock, server } = await clientOf(answers);
    await clock.run(client.getCustomerUsageSummary(customerId));
    await clock.run(client.getCustomerUsageSummary(customerId));
    const ids = server.requests.map(({ headers }) => headers['ms-requestid']);
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(ids).toHaveLength(4);
    expect(ids[3]).not.toBe(ids[0]);
    expect(client.counts).toMatchObject({ requests: 4, retries: 2 });
  });

  it('goes below a proxy’s own path', async () => {
    const { client, server } = await clientOf([{ body: summary() }], { basePath: '/partner/' });
    await client.getCustomerUsageSummary(customerId);
    expect(pathsOf(server)).toEqual([`/partner${summaryPath}`]);
  });

  it('escapes what would be a path of its own in an id', async () => {
    const { client, server } = await clientOf([{ body: summary() }]);
    await client.getSubscriptionUsageSummary('../a', 'b?c');
    expect(pathsOf(server)).toEqual(['/v1/customers/..%2Fa/subscriptions/b%3Fc/usagesummary']);
  });
});

describe('a usage summary', () => {
  it('is read from the documented Azure plan body with every digit', async () => {
    const body = sample('customer-usagesummary-azureplan');
    const { client } = await clientOf([{ body }]);
    await expect(client.getCustomerUsageSummary(customerId)).resolves.toEqual({
      name: 'Modern Azure Customer UK',
      totalCost: '28.82860766744404945074',
      usdTotalCost: '35.23000000000000362337',
      currencyCode: 'GBP',
      budgetAmount: '97',
      billingStartDate: '2019-09-01T00:00:00+00:00',
      billingEndDate: '2019-10-01T00:00:00+00:00',
      lastModifiedDate: '2019-09-18T17:09:26.16+00:00',
      raw: body,
    });
  });

  it('is read from the documented legacy body, with its budget spelled "ammount"', async () => {
    const { client } = await clientOf([{ body: sample('customer-usagesummary-145P') }]);
    await expect(client.getCustomerUsageSummary(customerId)).resolves.toMatchObject({
      name: '600 test',
      totalCost: '0.0',
      budgetAmount: '300.000000',
      currencyLocale: 'en-US',
      billingStartDate: '2016-02-06T00:00:00-08:00',
    });
  });

  it.each([
    ['partner-usagesummary', '22.861172'],
    ['subscription-usagesummary-145P', '22.861172'],
    ['subscription-usagesummary-azureplan', '28.82860766744404945074'],
  ])('is read from the documented body %s', async (name, totalCost) => {
    const { client } = await clientOf([{ body: sample(name) }]);
    await expect(client.getPartnerUsageSummary()).resolves.toMatchObject({ totalCost });
  });

  it('has no budget where the budget has no amount, or is null', async () => {
    const budgets = [{ attributes: { objectType: 'SpendingBudget' } }, { amount: null }, null];
    for (const budget of budgets) {
      const { client } = await clientOf([{ body: summary({ budget }) }]);
      const read = await client.getCustomerUsageSummary(customerId);
      expect(read).not.toHaveProperty('budgetAmount');
    }
  });

  it('keeps a budget of 0, and text where the API would send a number', async () => {
    const body = summary({ budget: { amount: 0 }, totalCost: '12.340' });
    const { client } = await clientOf([{ body }]);
    await expect(client.getCustomerUsageSummary(customerId)).resolves.toMatchObject({
      budgetAmount: '0',
      totalCost: '12.340',
    });
  });

  it.each([
    '2026-03-07T09:42:54Z',
    '2026-03-07T09:42:54.5Z',
    '2026-03-07T09:42:54.5130558+00:00',
    '2026-03-07T09:42:54.513-07:00',
    '2026-03-07T09:42:54+05:30',
  ])('keeps the date %s as sent', async (date) => {
    const body = summary({ billingStartDate: date, lastModifiedDate: date });
    const { client } = await clientOf([{ body }]);
    const expected = { billingStartDate: date, lastModifiedDate: date };
    await expect(client.getCustomerUsageSummary(customerId)).resolves.toMatchObject(expected);
  });

  it('leaves out the meaningless dollar cost of a legacy record, and keeps a real one', async () => {
    const legacy = { currencyCode: undefined, currencyLocale: 'fr-FR' };
    const { client } = await clientOf([
      { body: summary({ ...legacy, usdTotalCost: 0 }) },
      { body: summary({ ...legacy, usdTotalCost: 3.5 }) },
      { body: summary({ usdTotalCost: 0 }) },
    ]);
    expect(await client.getCustomerUsageSummary(customerId)).not.toHaveProperty('usdTotalCost');
    expect(await client.getCustomerUsageSummary(customerId)).toHaveProperty('usdTotalCost', '3.5');
    expect(await client.getCustomerUsageSummary(customerId)).toHaveProperty('usdTotalCost', '0');
  });

  it('is read behind a byte order mark, which the kept body does not have', async () => {
    const body = JSON.stringify(summary());
    const { client } = await clientOf([{ body: `\uFEFF${body}` }]);
    await expect(client.getCustomerUsageSummary(customerId)).resolves.toMatchObject({ raw: body });
  });

  it('tolerates fields and values it does not know', async () => {
    const body = summary({ currencySymbol: '€', attributes: { objectType: 'SomethingNew' } });
    const { client } = await clientOf([{ body }]);
    await expect(client.getCustomerUsageSummary(customerId)).resolves.toBeDefined();
  });

  it.each([
    [404, 3000],
    [400, 3000],
    [404, '3000'],
  ])('says "no usage" by status %i and code %j', async (status, code) => {
    const body = { code, description: 'Customer does not have usage data.', data: [] };
    const { client, server } = await clientOf([{ status, body }]);
    await expect(client.getCustomerUsageSummary(customerId)).resolves.toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [{ totalCost: undefined }],
    [{ totalCost: null }],
    [{ totalCost: '' }],
    [{ totalCost: 'many' }],
    [{ totalCost: true }],
    [{ totalCost: [5] }],
  ])('with %j fails and names the field, not its value', async (fields) => {
    const { client, server } = await clientOf([{ body: summary(fields) }]);
    const error = await client.getCustomerUsageSummary(customerId).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'UnreadableError', code: 'SCHEMA' });
    expect(error.message).toContain('totalCost: expected a number within');
    expect(error.message).not.toMatch(/many/);
    expect(server.requests).toHaveLength(1);
  });
});

describe('an answer that passes', () => {
  it.each<[string, Answer]>([
    ['an empty body', { body: '' }],
    ['plain text', { body: 'Service is warming up' }],
    ['HTML', { body: '<html><body>502</body></html>' }],
    ['a body that was cut off', { body: '{"totalCost": 12.3' }],
    [
      'fewer bytes than announced',
      {
        instead: (r) => {
          r.writeHead(200, { 'content-length': '500' });
          r.write('{"totalCost"');
          setImmediate(() => r.destroy());
        },
      },
    ],
    ['a reset', { instead: (r) => r.destroy() }],
    ['silence', { instead: () => {} }],
    ['408', { status: 408 }],
    [
      '429 without a time',
      { status: 429, body: { statusCode: 429, message: 'Rate limit is exceeded.' } },
    ],
    ['500 with plain text', { status: 500, body: 'oops' }],
    ['501 with code 0', { status: 501, body: { code: 0 } }],
    ['502 with HTML', { status: 502, body: '<h1>Bad Gateway</h1>' }],
    ['503 with an empty body', { status: 503 }],
    ['504', { status: 504 }],
    [
      '404 whose JSON was cut off',
      { status: 404, headers: { 'content-type': 'application/json' }, body: '{"code":30' },
    ],
    ...[409, 423, 424, 425].map((status): [string, Answer] => [`${status}`, { status }]),
    ['400 with HTML', { status: 400, headers: { 'content-type': 'text/html' }, body: 'no' }],
    ['400 with what looks like HTML', { status: 400, body: ' <html>Bad Request</html>' }],
  ])('is tried again: %s', async (_name, answer) => {
    const { client, clock, server } = await clientOf([answer, { body: summary() }]);
    const work = client.getCustomerUsageSummary(customerId);
    await expect(clock.run(work)).resolves.toMatchObject({ totalCost: '1.5' });
    expect(server.requests).toHaveLength(2);
  });

  it('waits as long as a 429 says, in seconds', async () => {
    const body = sample('error-429');
    const { client, clock } = await clientOf([
      { status: 429, headers: { 'retry-after': '57' }, body },
      { body: summary() },
    ]);
    const beganMs = clock.now();
    await clock.run(client.getCustomerUsageSummary(customerId));
    expect(clock.now() - beganMs).toBeGreaterThanOrEqual(57_000);
    expect(client.counts).toMatchObject({ requests: 2, retries: 1, throttled: 1 });
  });

  it.each<[string, Answer]>([
    ['503', { status: 503 }],
    ['409', { status: 409 }],
    ['400 with HTML', { status: 400, body: '<html>Bad Request</html>' }],
    ['200 with HTML', { status: 200, body: '<html>Busy</html>' }],
    ['404 cut off', { status: 404, headers: { 'content-type': 'application/json' }, body: '{"co' }],
  ])('waits as long as a %s says', async (_name, answer) => {
    const headers = { ...answer.headers, 'retry-after': '57' };
    const { client, clock } = await clientOf([{ ...answer, headers }, { body: summary() }]);
    const beganMs = clock.now();
    await clock.run(client.getCustomerUsageSummary(customerId));
    expect(clock.now() - beganMs).toBeGreaterThanOrEqual(57_000);
  });

  it('fails with what it was after the last try, and does not quote the body', async () => {
    const { client, clock } = await clientOf([{ body: 'Dear Jane Doe' }]);
    const work = client.getCustomerUsageSummary(customerId);
    const error = await clock.run(work).catch((thrown) => thrown);
    expect(error).toMatchObject({
      name: 'RetriableError',
      code: 'NOT_JSON',
      facts: { method: 'GET', path: summaryPath, status: 200 },
    });
    expect(error.facts.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(error.message).not.toContain('Jane');
    expect(error.cause).toBeUndefined();
  });
});

describe('a refusal', () => {
  it.each([
    [403, { code: 20002 }, '20002'],
    [403, 'The supplied role does not have the rights', 'HTTP_403'],
    [404, { code: '20003' }, '20003'],
    [404, '', 'HTTP_404'],
    [410, '', 'HTTP_410'],
  ])('by %i with %j concerns this customer alone', async (status, body, code) => {
    const { client, server } = await clientOf([{ status, body }]);
    const work = client.getCustomerUsageSummary(customerId);
    await expect(work).rejects.toMatchObject({ name: 'RefusedError', code, facts: { status } });
    expect(server.requests).toHaveLength(1);
  });

  it.each([403, 404, 410])(
    'by %i of a list, or of the partner’s summary, says which role is needed',
    async (status) => {
      const { client } = await clientOf([{ status, body: { code: 1002 } }]);
      const refusal = { name: 'RefusedError', message: expect.stringContaining('Admin agent') };
      await expect(collect(client.listCustomers())).rejects.toMatchObject(refusal);
      await expect(collect(client.listCustomerUsageRecords())).rejects.toMatchObject(refusal);
      await expect(client.getPartnerUsageSummary()).rejects.toMatchObject(refusal);
    },
  );

  it.each([
    [401, 900421, /MFA/],
    [401, 900420, /audience/],
    [401, 800001, /partner token/],
    [403, 900329, /app-only/],
    [403, 900309, /Conditional Access/],
    [403, 90000, /refused to issue/],
    [403, '900309', /Conditional Access/],
  ])(
    'by %i with code %j blames the sign-in, whatever was asked, and tells why',
    async (status, code, message) => {
      const { client, server, credential } = await clientOf([{ status, body: { code } }]);
      const blame = { name: 'UnauthorizedError', code: String(code) };
      const asked = [
        client.getCustomerUsageSummary(customerId),
        client.getPartnerUsageSummary(),
        collect(client.listCustomers()),
        client.hasCustomer(customerId),
      ];
      for (const each of asked) {
        const error = await each.catch((thrown) => thrown);
        expect(error).toMatchObject(blame);
        expect(error.message).toMatch(message);
      }
      expect(server.requests).toHaveLength(asked.length);
      expect(credential.tokenRequests).toBe(0);
    },
  );

  it('by another 4xx fails this customer', async () => {
    const { client } = await clientOf([{ status: 400, body: { code: 900118 } }]);
    const work = client.getCustomerUsageSummary(customerId);
    await expect(work).rejects.toMatchObject({ name: 'UnreadableError', code: '900118' });
  });
});

describe('an access token that ends in mid-run', () => {
  it('is renewed once, and the request is sent once more', async () => {
    const { client, server, credential } = await clientOf([
      { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
      { body: summary() },
    ]);
    await client.getCustomerUsageSummary(customerId);
    expect(credential.tokenRequests).toBe(1);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token 1',
      'Bearer token 2',
    ]);
  });

  it('is renewed once for all requests that met it', async () => {
    const byToken: Answer = {
      instead: (response) => {
        const isOld = response.req.headers.authorization === 'Bearer token 1';
        response.writeHead(isOld ? 401 : 200).end(isOld ? '' : JSON.stringify(summary()));
      },
    };
    const { client, credential } = await clientOf([byToken]);
    await Promise.all(Array.from({ length: 9 }, () => client.getCustomerUsageSummary(customerId)));
    expect(credential.tokenRequests).toBe(1);
    expect(client.counts.requests).toBeGreaterThan(9);
  });

  it('may end again while the same request is tried again', async () => {
    const ended = { status: 401 };
    const { client, clock, credential } = await clientOf([
      ended,
      { status: 503 },
      ended,
      { body: summary() },
    ]);
    const work = client.getCustomerUsageSummary(customerId);
    await expect(clock.run(work)).resolves.toMatchObject({ totalCost: '1.5' });
    expect(credential.tokenRequests).toBe(2);
  });

  it('blames the sign-in when the new one is refused as well', async () => {
    const { client, server } = await clientOf([{ status: 401, body: { code: 400 } }]);
    const work = client.getCustomerUsageSummary(customerId);
    await expect(work).rejects.toMatchObject({ name: 'UnauthorizedError', code: '400' });
    expect(server.requests).toHaveLength(2);
  });

  it('is not sent again where there is no newer one', async () => {
    const { client, server, credential } = await clientOf([{ status: 401 }]);
    credential.isYoung = true;
    const work = client.getCustomerUsageSummary(customerId);
    await expect(work).rejects.toMatchObject({ name: 'UnauthorizedError', code: 'HTTP_401' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('the customer list', () => {
  it('reads the documented body', async () => {
    const { client, server } = await clientOf([{ body: sample('customers-list') }]);
    await expect(collect(client.listCustomers())).resolves.toEqual([
      { id: 'b44bb1fb-c595-45b0-9e09-d657365580bf', name: 'companyName', domain: 'domain' },
      { id: '45c44870-ef77-4fdd-b6fe-3dacb075cff2', name: 'companyName', domain: 'domain' },
    ]);
    expect(pathsOf(server)).toEqual(['/v1/customers?size=500']);
  });

  it.each([
    '/v1/customers?size=500&seekOperation=Next',
    '/customers?size=500&seekOperation=Next',
    'customers?size=500&seekOperation=Next',
    '/V1/customers?size=500&amp;seekOperation=Next',
  ])('follows the next link %s and copies its headers', async (uri) => {
    const { client, server } = await clientOf([
      { body: customers(['a'], nextLink(uri, 'AQAAAA==')) },
      { body: customers(['B']) },
    ]);
    await expect(idsOf(client.listCustomers())).resolves.toEqual(['a', 'b']);
    expect(pathsOf(server)[1]?.toLowerCase()).toBe('/v1/customers?size=500&seekoperation=next');
    expect(server.requests[1]?.headers['ms-continuationtoken']).toBe('AQAAAA==');
  });

  it('follows a next link that has no headers', async () => {
    const { client, server } = await clientOf([
      { body: customers(['a'], { links: { next: { uri: '/customers?page=2' } } }) },
      { body: customers(['b']) },
    ]);
    await expect(idsOf(client.listCustomers())).resolves.toEqual(['a', 'b']);
    expect(pathsOf(server)[1]).toBe('/v1/customers?page=2');
  });

  it('follows a link to /v1 itself as it stands', async () => {
    const { client, server } = await clientOf([
      { body: customers(['a'], nextLink('/v1?page=2')) },
      { body: customers(['b']) },
    ]);
    await idsOf(client.listCustomers());
    expect(pathsOf(server)[1]).toBe('/v1?page=2');
  });

  it('takes a link for one without /v1 where that stands elsewhere in it', async () => {
    const { client, server } = await clientOf([
      { body: customers(['a'], nextLink('/customers/v1/next')) },
      { body: customers(['b']) },
    ]);
    await idsOf(client.listCustomers());
    expect(pathsOf(server)[1]).toBe('/v1/customers/v1/next');
  });

  it.each(['/partner', '/partner/', '/partner//'])(
    'follows a whole link below a proxy’s own path: %s',
    async (basePath) => {
      const { client, server } = await clientOf(
        [
          { body: customers(['a'], nextLink('/partner/v1/customers?page=2')) },
          { body: customers(['b']) },
        ],
        { basePath },
      );
      await expect(idsOf(client.listCustomers())).resolves.toEqual(['a', 'b']);
      expect(pathsOf(server)[1]).toBe('/partner/v1/customers?page=2');
    },
  );

  it('follows a continuation token in the body', async () => {
    const { client, server } = await clientOf([
      { body: customers(['a'], { continuationToken: 'T1' }) },
      { body: customers(['b']) },
    ]);
    await expect(idsOf(client.listCustomers())).resolves.toEqual(['a', 'b']);
    expect(pathsOf(server)[1]).toBe('/v1/customers?size=500&seekOperation=Next');
    expect(server.requests[1]?.headers['ms-continuationtoken']).toBe('T1');
  });

  it('does not take that answer for the end on its first page', async () => {
    const { client } = await clientOf([{ status: 400, body: sample('error-code2000') }]);
    await expect(idsOf(client.listCustomers())).rejects.toMatchObject({ code: '2000' });
  });

  it.each([
    ['seconds', '9'],
    ['a date', 'Tue, 10 Mar 2026 02:45:00 GMT'],
  ])('waits out a 204 with Retry-After in %s in its middle', async (_form, retryAfter) => {
    const beganMs = new VirtualClock().now();
    const { client, clock } = await clientOf([
      { body: customers(['a'], { continuationToken: 'T1' }) },
      {
        status: 204,
        headers: { 'retry-after': retryAfter, date: new Date(beganMs).toUTCString() },
      },
      { body: customers(['b']) },
    ]);
    await expect(clock.run(idsOf(client.listCustomers()))).resolves.toEqual(['a', 'b']);
    expect(clock.now() - beganMs).toBeGreaterThanOrEqual(9_000);
  });

  it('stops with an error when a page leads back to an earlier one', async () => {
    const { client, server } = await clientOf([
      { body: customers(['a'], { continuationToken: 'T1' }) },
      { body: customers(['b'], { continuationToken: 'T2' }) },
      { body: customers(['c'], { continuationToken: 'T1' }) },
    ]);
    await expect(idsOf(client.listCustomers())).rejects.toMatchObject({ code: 'PAGING_LOOP' });
    expect(server.requests).toHaveLength(3);
  });

  it.each(['https://evil.example/v1/customers', '//evil.example/v1/customers', 'https://['])(
    'refuses a next link to another host, or to none: %s',
    async (uri) => {
      const { client, server } = await clientOf([{ body: customers(['a'], nextLink(uri)) }]);
      await expect(idsOf(client.listCustomers())).rejects.toMatchObject({ code: 'NEXT_LINK' });
      expect(server.requests).toHaveLength(1);
    },
  );

  it('refuses a next link that asks for another method', async () => {
    const { client } = await clientOf([
      { body: customers(['a'], nextLink('/customers', 'T', 'POST')) },
    ]);
    await expect(idsOf(client.listCustomers())).rejects.toMatchObject({ code: 'NEXT_LINK' });
  });

  it('quotes no more than the start of a link, and nothing of a method, however long these are', async () => {
    const long = 'x'.repeat(50_000);
    const { client } = await clientOf([
      { body: customers(['a'], nextLink(`/customers/${'x'.repeat(5_000)}`)) },
      { status: 400, body: {} },
    ]);
    const error = await idsOf(client.listCustomers()).catch((thrown) => thrown);
    expect(error.message).toMatch(
      /^GET \/v1\/customers\/x{186}… \(cut, 5014 characters\) answered/,
    );
    const { client: other } = await clientOf([
      { body: customers(['a'], nextLink('/customers', 'T', long)) },
    ]);
    const refusal = await idsOf(other.listCustomers()).catch((thrown) => thrown);
    expect(refusal.message.length).toBeLessThan(400);
  });

  it('never lets a link put another token in place of its own', async () => {
    const link = {
      uri: '/customers?page=2',
      headers: [{ key: 'Authorization', value: 'Bearer x' }],
    };
    const { client, server } = await clientOf([
      { body: customers(['a'], { links: { next: link } }) },
      { body: customers(['b']) },
    ]);
    await idsOf(client.listCustomers());
    expect(server.requests[1]?.headers.authorization).toBe('Bearer token 1');
  });

  it('does not believe totalCount', async () => {
    const { client } = await clientOf([
      { body: { ...customers(['a'], { continuationToken: 'T1' }), totalCount: 1 } },
      { body: { ...customers(['b']), totalCount: 9000 } },
    ]);
    await expect(idsOf(client.listCustomers())).resolves.toEqual(['a', 'b']);
  });

  it('goes on past an empty page', async () => {
    const { client } = await clientOf([
      { body: customers([], { continuationToken: 'T1' }) },
      { body: customers(['b']) },
    ]);
    await expect(idsOf(client.listCustomers())).resolves.toEqual(['b']);
  });

  it('reads a page that breaks off again, and names each of its items once', async () => {
    const body = JSON.stringify(customers(['a', 'b']));
    const { client, clock, server } = await clientOf([
      {
        instead: (response) => {
          response.writeHead(200, { 'content-length': Buffer.byteLength(body) });
          response.write(body.slice(0, body.indexOf('"b"')), () => response.destroy());
        },
      },
      { body },
    ]);
    const named = await clock.run(collect(client.listCustomers()));
    expect(named.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(server.requests).toHaveLength(2);
  });

  it('reads names whose characters come in two pieces', async () => {
    const name = 'Čeština 🙂 s.r.o.';
    const bytes = Buffer.from(
      JSON.stringify({ items: [{ id: 'a', companyProfile: { companyName: name } }] }),
    );
    const sendFrom = (at: number, response: ServerResponse) => {
      if (at === bytes.length) response.end();
      else
        response.write(bytes.subarray(at, at + 1), () => setImmediate(sendFrom, at + 1, response));
    };
    const { client } = await clientOf([
      { instead: (response) => sendFrom(0, response.writeHead(200)) },
    ]);
    await expect(collect(client.listCustomers())).resolves.toEqual([{ id: 'a', name }]);
  });

  it('yields all that can be read before it fails over an item that cannot', async () => {
    const { client } = await clientOf([
      { body: { items: [{ name: 'no id' }, ...customers(['a']).items], continuationToken: 'T1' } },
      { body: customers(['b']) },
    ]);
    const ids: string[] = [];
    const read = async () => {
      for await (const page of client.listCustomers()) ids.push(...page.map(({ id }) => id));
    };
    await expect(read()).rejects.toMatchObject({ name: 'UnreadableError', code: 'SCHEMA' });
    expect(ids).toEqual(['a', 'b']);
  });

  it('yields all others also where an item is no JSON', async () => {
    const [a, b] = customers(['a', 'b']).items.map((item) => JSON.stringify(item));
    const { client } = await clientOf([{ body: `{"items":[${a},{"id":nothing},${b}]}` }]);
    const pages = client.listCustomers();
    await expect(pages.next()).resolves.toMatchObject({ value: [{ id: 'a' }, { id: 'b' }] });
    await expect(pages.next()).rejects.toMatchObject({ name: 'UnreadableError', code: 'SCHEMA' });
  });
});

describe('usage records', () => {
  it('of customers are read from the documented body', async () => {
    const { client, server } = await clientOf([{ body: sample('customers-usagerecords') }]);
    const records = await collect(client.listCustomerUsageRecords());
    expect(pathsOf(server)).toEqual(['/v1/customers/usagerecords']);
    expect(records).toHaveLength(4);
    expect(records[0]).not.toHaveProperty('usdTotalCost');
    expect(records[1]).toEqual({
      customerId: '11111111-6fb9-4b05-8f15-b3d72e0596e6',
      customerName: 'Modern Azure Customer SE',
      totalCost: '120.5682999999995904716',
      currencyCode: 'SEK',
    });
  });

  it('of a legacy customer’s subscriptions have ids in lower case', async () => {
    const { client } = await clientOf([{ body: sample('subscriptions-usagerecords-145P') }]);
    const [record] = await collect(client.listSubscriptionUsageRecords(customerId));
    expect(record).toMatchObject({
      subscription: {
        id: '11111111-f347-41b6-b02c-187b1b778a43',
        name: 'Microsoft Azure',
        status: 'active',
        offerId: 'MS-AZR-0145P',
      },
      totalCost: '22.861172',
      currencyLocale: 'fr-FR',
    });
    expect(record).not.toHaveProperty('usdTotalCost');
  });

  it('of several plans name their resellers and keep the line as received', async () => {
    const body = sample('subscriptions-usagerecords-azureplan-nonzero');
    const { client } = await clientOf([{ body }]);
    const [record] = await collect(client.listSubscriptionUsageRecords(customerId));
    expect(record?.subscription.partnerOnRecord).toBe('6048879');
    expect(record?.raw).toContain('"totalCost": 82.3616054989566696032,');
    expect(body).toContain(`${record?.raw}`);
    expect(record?.raw).toMatch(/^\{.*\}$/s);
    expect(JSON.parse(record?.raw ?? '')).toEqual(JSON.parse(body).items[0]);
  });
});

describe('the subscriptions of a customer', () => {
  it('are read from the documented bodies', async () => {
    const item = JSON.parse(sample('subscription-145P'));
    const { client } = await clientOf([
      { body: { items: [item] } },
      { body: sample('subscriptions-list-old') },
    ]);
    await expect(collect(client.listSubscriptions(customerId))).resolves.toEqual([
      {
        id: 'a356ac8c-e310-44f4-bf85-c7f29044af99',
        name: 'Microsoft Azure',
        status: 'active',
        offerId: 'MS-AZR-0145P',
        unitType: 'Usage-based',
        billingType: 'usage',
      },
    ]);
    await expect(collect(client.listSubscriptions(customerId))).resolves.toMatchObject([
      { name: 'nickname', unitType: 'none', billingType: 'none' },
    ]);
  });
});
