import { beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../src/errors.ts';
import { routePaths } from '../../../src/http/routePaths.ts';
import { StorageError } from '../../../src/storage/storageError.ts';
import { customer, customerId, run, subscriptionId } from '../../contract/snapshots.ts';
import { createTestApi, type TestApi } from './testApi.ts';

const targets = Object.values(routePaths).map(({ path, access }) => ({
  access,
  target: path
    .replace('{customerId}', customerId)
    .replace('{azureSubscriptionId}', 'unassigned')
    .replace('{subscriptionId}', subscriptionId(1)),
}));
const ofData = targets.filter(({ access }) => access === 'data').map(({ target }) => target);
const open = targets.filter(({ access }) => access === 'open').map(({ target }) => target);

let api: TestApi;
beforeEach(async () => {
  api = createTestApi();
  await api.stores.usageByDay.upsertDay([customer()]);
  await api.stores.snapshotRuns.upsert(
    run({ status: 'complete', finishedAt: '2026-03-14T03:00:00.000Z' }),
  );
});

describe('methods', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get'])(
    '%s is answered by 405 with those that are allowed, by every route',
    async (method) => {
      for (const { target } of targets) {
        const { status, headers, json } = await api.ask(target, { method });
        expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
        expect(json.title).toBe('Method Not Allowed');
      }
    },
  );

  test('HEAD is answered as GET without a body, also where it is an error', async () => {
    for (const target of [
      ...targets.map((one) => one.target),
      'customers?format=csv',
      'runs?x=1',
    ]) {
      const { text: _, json: _json, ...head } = await api.ask(target, { method: 'HEAD' });
      const { text, json: _own, ...get } = await api.ask(target);
      expect(head).toEqual(get);
      expect((await api.ask(target, { method: 'HEAD' })).text).toBe('');
      expect(text).not.toBe('');
    }
  });
});

describe('formats', () => {
  const ask = async (accept: string, query = '') => {
    const { status, headers } = await api.ask(`customers${query}`, { headers: { accept } });
    return status === 200 ? headers['content-type']?.split(';')[0] : status;
  };

  test.each([
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['text/*', 'text/csv'],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV', 'text/csv'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json'],
    ['application/json;q=0.5, text/csv', 'text/csv'],
    ['text/csv;q=0.1, application/x-ndjson;q=0.2', 'application/x-ndjson'],
    ['application/json;q=0, */*', 'text/csv'],
    ['text/csv, garbage', 'text/csv'],
    ['application/json; charset=utf-8', 'application/json'],
    ['application/json;odata.metadata=minimal', 'application/json'],
    ['text/csv; charset=utf-8', 'text/csv'],
    ['text/csv;header=present', 'text/csv'],
    ['text/csv;header="a, b;q=0";q=0.3, application/json;v=1;q=0.2', 'text/csv'],
    ['application/json;quality=0.1, text/csv;q=0.9', 'application/json'],
    ['text/csv;q=0.5;header, application/json;charset=utf-8;q=0.6', 'application/json'],
    ['application/json;charset=utf-8;q=0, */*', 'text/csv'],
    ['application/json;charset=utf-8;q=0', 406],
    ['text/html;charset=utf-8', 406],
    ['text/html', 406],
    ['application/json;q=0', 406],
    ['garbage', 406],
  ])('Accept %j is answered by %s', async (accept, expected) => {
    expect(await ask(accept)).toBe(expected);
  });

  test('the parameter comes before Accept', async () => {
    expect(await ask('text/html', '?format=csv')).toBe('text/csv');
    expect(await ask('text/csv', '?format=json')).toBe('application/json');
  });

  test('an Accept that cannot be met is told what there is', async () => {
    const { json } = await api.ask('runs', { headers: { accept: 'image/png' } });
    expect(json).toMatchObject({ status: 406, title: 'Not Acceptable' });
    expect(json.detail).toContain('application/json, text/csv, application/x-ndjson');
  });

  test('what is open is JSON for everybody', async () => {
    for (const target of open) {
      const answer = await api.ask(`${target}?probe=1`, { headers: { accept: 'text/html' } });
      expect(answer.headers['content-type']).toBe('application/json');
    }
  });
});

describe('an answer that the caller has', () => {
  test('is not sent again: 304, as long as it is the same', async () => {
    const { headers } = await api.ask('customers');
    const etag = headers['etag'] ?? '';
    expect(etag).toMatch(/^W\/"[\w-]{20,}"$/);
    for (const named of [etag, etag.slice(2), `"x", ${etag}`, '*', ` ${etag} ,"y"`]) {
      const again = await api.ask('customers', { headers: { 'if-none-match': named } });
      expect([named, again.status, again.text]).toEqual([named, 304, '']);
      expect(again.headers).toMatchObject({ etag, 'cache-control': 'private, no-cache' });
      expect(again.headers['content-type']).toBeUndefined();
    }
    await api.stores.usageByDay.upsertDay([customer({ customerName: 'Renamed' })]);
    const changed = await api.ask('customers', { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(changed.headers['etag']).not.toBe(etag);
  });

  test('is sent to whoever has another', async () => {
    for (const named of ['', '""', 'W/"x"', '"*"', 'garbage']) {
      expect((await api.ask('customers', { headers: { 'if-none-match': named } })).status).toBe(
        200,
      );
    }
  });
});

describe('headers', () => {
  test('keep data in the cache of its reader alone, and errors in none', async () => {
    for (const format of ['json', 'csv', 'ndjson']) {
      const { headers } = await api.ask(`customers?format=${format}`);
      expect(headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'accept' });
    }
    expect((await api.ask('customers?x=1')).headers['cache-control']).toBe('no-store');
    expect((await api.ask('health')).headers['cache-control']).toBe('no-store');
  });

  test('keep browsers from taking an answer for a page, and from telling its URL', async () => {
    for (const { target } of targets) {
      for (const method of ['GET', 'POST']) {
        expect((await api.ask(target, { method })).headers).toMatchObject({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        });
      }
    }
  });
});

describe('whoever may not see data', () => {
  test.each(ofData)('gets 401 from %s, before anything else is said', async (target) => {
    const closed = createTestApi({
      isAllowed: () => false,
      openHistory: () => Promise.reject(new ConfigurationError(['X: bad'])),
    });
    const { status, headers, json } = await closed.ask(`${target}?nonsense=1`);
    expect([status, json.title]).toEqual([401, 'Unauthorized']);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(closed.errors).toEqual([]);
  });

  test.each(open)('may see %s', async (target) => {
    const { stores } = api;
    expect((await createTestApi({ isAllowed: () => false, stores }).ask(target)).status).toBe(200);
  });
});

describe('errors', () => {
  const secretMessage = 'getaddrinfo ENOTFOUND acme.table.core.windows.net AccountKey=secret';
  const failing = (error: unknown) =>
    createTestApi({
      openHistory: async () => {
        throw error;
      },
    });

  test.each(ofData)('of the storage are 503 of %s, with when to ask again', async (target) => {
    const error = new StorageError('ENOTFOUND', { table: 'UsageByDay' }, secretMessage);
    const over = failing(error);
    const { status, headers, text } = await over.ask(target);
    expect([status, headers['retry-after']]).toEqual([503, '30']);
    for (const word of ['acme', 'secret', 'UsageByDay', 'ENOTFOUND']) {
      expect(text).not.toContain(word);
    }
    expect(over.errors).toEqual([error]);
  });

  test('of one row that nobody can read are 500: asking again would not help', async () => {
    const over = failing(new StorageError('UNREADABLE_ROW', { table: 'x' }, 'no figures'));
    const { status, headers } = await over.ask(`customers/${customerId}/history`);
    expect([status, headers['retry-after']]).toEqual([500, undefined]);
  });

  test.each([new TypeError(secretMessage), secretMessage, undefined, { stack: secretMessage }])(
    'that nobody expected are 500, and told to the log alone',
    async (error) => {
      const over = failing(error);
      const { status, text, json } = await over.ask('customers');
      expect(status).toBe(500);
      expect(json.title).toBe('Internal Server Error');
      expect(text).not.toContain('acme');
      expect(over.errors).toEqual([error]);
    },
  );

  test('of settings name the settings, and no value', async () => {
    const problems = [
      'SNAPSHOT_STORAGE, SNAPSHOT_STORAGE__tableServiceUri: expected exactly one, got both',
      'ANOMALY_MINIMUM_COST: expected a number of 0 or more, got "marked-value"',
    ];
    const over = failing(new ConfigurationError(problems));
    const { status, text, json } = await over.ask('totals');
    expect(status).toBe(500);
    expect(json.detail).toBe(
      'There are settings that are missing or not valid: SNAPSHOT_STORAGE, SNAPSHOT_STORAGE__tableServiceUri, ANOMALY_MINIMUM_COST.',
    );
    expect(text).not.toContain('marked-value');
  });

  test('of a table in the middle of a list are answered as well', async () => {
    const error = new StorageError('HTTP_500', { table: 'UsageByDay' }, 'broken off');
    const { stores } = api;
    const over = createTestApi({
      openHistory: async () => ({
        stores: {
          ...stores,
          usageByDay: {
            getDay: stores.usageByDay.getDay,
            listAnomalies: stores.usageByDay.listAnomalies,
            async *listRanking(day) {
              yield* stores.usageByDay.listRanking(day);
              throw error;
            },
          },
        },
        now: () => Date.parse('2026-03-14T05:00:00Z'),
        minimumCost: 10,
        hasCustomerMetrics: false,
        onUnreadable: () => {},
      }),
    });
    expect((await over.ask('customers?format=csv')).status).toBe(503);
  });
});
