import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { routePaths } from '../../../src/http/routePaths.ts';
import type { Stores } from '../../../src/storage/createStores.ts';
import { customer, customerId, date, run, subscriptionId } from '../../contract/snapshots.ts';
import { createTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = createTestApi();
  await api.stores.usageByCustomer.upsertCustomer([customer()]);
  await api.stores.usageByDay.upsertDay([customer()]);
  await api.stores.snapshotRuns.upsert(run({ status: 'complete' }));
});

const history = `customers/${customerId}/history`;

/** The problems of an answer 400: name and message of each parameter. */
async function problemsOf(target: string): Promise<[string, string][]> {
  const { status, headers, json } = await api.ask(target);
  expect(status).toBe(400);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(json).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
  return json.errors.map((error: { name: string; message: string }) => [error.name, error.message]);
}

describe('parameters that cannot be used', () => {
  test('are all named in one answer, each with what was expected and what was got', async () => {
    const query =
      'date=2026-02-30&orderBy=name&top=0&outcome=Usage&currency=EURO&search=&continuation=x&format=xml';
    expect(await problemsOf(`customers?${query}`)).toEqual([
      [
        'date',
        'expected a date that exists, yyyy-MM-dd, from 2000-01-01 to 2999-12-31, got "2026-02-30"',
      ],
      ['orderBy', 'expected one of totalCost, percentUsed, dailyCost, got "name"'],
      ['top', 'expected a whole number from 1 to 1000, got "0"'],
      ['outcome', 'expected one of usage, noUsage, refused, failed, got "Usage"'],
      ['currency', 'expected three letters, such as EUR, got "EURO"'],
      ['search', 'expected 1 to 100 characters, got ""'],
      ['continuation', 'expected one that an answer has given'],
      ['format', 'expected one of json, csv, ndjson, got "xml"'],
    ]);
  });

  test('are named before the storage is opened, whichever they are', async () => {
    const closed = createTestApi({ openHistory: () => Promise.reject(new Error('opened')) });
    for (const query of ['date=x', 'continuation=x', `continuation=${'x'.repeat(2_001)}`]) {
      const { status, json } = await closed.ask(`customers?${query}`);
      expect([status, json.errors]).toMatchObject([400, [{ name: query.split('=')[0] }]]);
    }
    expect(closed.errors).toEqual([]);
  });

  test('in path and query are named together', async () => {
    expect(
      await problemsOf('customers/contoso.com/subscriptions/1/history?interval=month&from=today'),
    ).toMatchObject([
      ['customerId', 'expected a GUID, got "contoso.com"'],
      ['from', expect.stringContaining('got "today"')],
      ['interval', 'expected one of day, period, got "month"'],
      ['subscriptionId', 'expected a GUID, got "1"'],
    ]);
  });

  test.each(['form=csv', 'Top=5', 'constructor=1', '__proto__=1', 'customerId=x', '=x'])(
    'the unknown %s is one of them, so that nothing misspelt is passed over',
    async (pair) => {
      const name = pair.split('=')[0] ?? '';
      expect(await problemsOf(`${history}?${pair}`)).toEqual([
        [name, 'expected no parameter of that name'],
      ]);
    },
  );

  test('one that is given twice is one of them, also when both are the same', async () => {
    expect(await problemsOf('customers?top=5&top=5')).toEqual([
      ['top', 'expected it once, got it 2 times'],
    ]);
  });

  test('a long value is not repeated beyond 40 characters, and an unknown one not at all', async () => {
    const value = `${'k'.repeat(40)}SECRET`;
    const { text } = await api.ask(`customers?date=${value}&currency=${value}&cod=${value}`);
    expect(text).toContain('k'.repeat(40));
    expect(text).not.toContain('SECRET');
    const unknown = await api.ask('customers?cod=abc123');
    expect(unknown.text).not.toContain('abc123');
  });

  test('a function key and its id are no parameters of ours, whatever they hold', async () => {
    const { status, text } = await api.ask('customers?code=%zz&clientId=default&code=b');
    expect(status).toBe(200);
    expect(text).not.toContain('%zz');
  });

  test('a query of more than 4,096 characters is too long', async () => {
    const { status, json } = await api.ask(`customers?code=${'a'.repeat(4_096)}`);
    expect(status).toBe(400);
    expect(json.detail).toBe('expected a query of up to 4096 characters');
  });
});

describe('a range', () => {
  test('that ends before it begins is named', async () => {
    expect(await problemsOf(`${history}?from=2026-03-02&to=2026-03-01`)).toEqual([
      ['from', 'expected a date up to "2026-03-01", got "2026-03-02"'],
    ]);
    expect(await problemsOf('runs?from=2027-03-02&to=2027-03-01')).toEqual([
      ['from', 'expected a date up to "2027-03-01", got "2027-03-02"'],
    ]);
  });

  test.each([
    ['from=2025-01-25&to=2026-02-28', 400],
    ['from=2025-01-24&to=2026-02-28', 401],
    // Without an end it is today's, 2026-03-14.
    ['from=2025-02-08', 400],
    ['from=2025-02-07', 401],
    ['from=2026-03-14', 1],
    ['from=2026-03-15&to=2027-04-18', 400],
    ['from=2026-03-15&to=2027-04-19', 401],
    // A day that is yet to come: nothing can be recorded on it, and that is an answer.
    ['from=2026-03-15', 0],
    ['from=2999-12-31', 0],
  ])(
    '%s of %i days: up to 400 are answered, and more named with their number',
    async (query, days) => {
      for (const path of [history, 'totals', 'budget-alerts', 'runs']) {
        const { status, text } = await api.ask(`${path}?${query}`);
        expect(status).toBe(days > 400 ? 400 : 200);
        if (days > 400) expect(text).toContain(`expected a range of up to 400 days, got ${days}`);
      }
    },
  );

  test('is named although another parameter is wrong too', async () => {
    const problems = await problemsOf('runs?from=2020-01-01&to=2026-01-01&format=x');
    expect(problems.map(([name]) => name)).toEqual(['format', 'from']);
  });

  test.each([
    ['2000-01-01', 200],
    ['1999-12-31', 400],
    ['2999-12-31', 200],
    ['3000-01-01', 400],
    ['0000-01-01', 400],
    ['9999-12-31', 400],
  ])('at the end of time, %s, is answered by %i', async (day, status) => {
    expect((await api.ask(`${history}?from=${day}&to=${day}`)).status).toBe(status);
    expect((await api.ask(`${history}?to=${day}&interval=period`)).status).toBe(status);
    expect((await api.ask(`customers?date=${day}`)).status).toBe(status);
  });
});

describe('what may be written in several ways', () => {
  test('ids and currencies are found in any case', async () => {
    expect(
      (
        await api.ask(
          history.toUpperCase().replace('CUSTOMERS', 'customers').replace('HISTORY', 'history'),
        )
      ).status,
    ).toBe(200);
    const { json } = await api.ask('customers?currency=eur');
    expect(json.items).toHaveLength(1);
  });

  test('a plus sign is a space, as forms write it', async () => {
    const other = createTestApi();
    await other.stores.usageByDay.upsertDay([customer({ customerName: 'A + B' })]);
    for (const search of ['a+%2B+b', 'A%20%2B%20B']) {
      const { json } = await other.ask(`customers?date=${date}&search=${search}`);
      expect(json.items).toHaveLength(1);
    }
  });
});

const oddEncodings = [
  '%',
  '%z',
  '%zz',
  '%E0%A4%A',
  '%FF',
  '%C0%AF',
  '%ED%A0%80',
  '%ED%B0%80',
  '%F5%80%80%80',
  '%uD83D',
  '%00',
  'a%00b',
  '%0D%0A',
  '%7F',
  '%C2%85',
];

describe('odd encodings', () => {
  test.each(oddEncodings)('%s is a problem of its parameter', async (text) => {
    const wrong: [string, string][] = [
      ['search', `customers?search=${text}`],
      ['date', `customers?date=${text}`],
      ['continuation', `customers?continuation=${text}`],
      ['customerId', `customers/${text}/history`],
      ['query', `customers?${text}=1`],
    ];
    for (const [name, target] of wrong) {
      expect((await problemsOf(target)).map(([problem]) => problem)).toEqual([name]);
    }
  });

  test.each(['%E2%80%AE', '%F0%9F%98%80', '%EF%BB%BF', '%25', '%2527', 'a%26top%3D0'])(
    '%s is a text like any other',
    async (text) => {
      expect((await api.ask(`customers?search=${text}`)).status).toBe(200);
    },
  );
});

const injections = [
  "' or PartitionKey ne '",
  "' or '1' eq '1",
  `${customerId}' or PartitionKey ne '`,
  `${customerId}|2026-01-01`,
  `${customerId}/`,
  '../partner',
  'partner',
  '$filter',
  "2026-03-14' or RowKey ge '",
];

describe('a parameter that is meant for the storage', () => {
  test.each(injections)('%s gets nowhere near it', async (text) => {
    const encoded = encodeURIComponent(text);
    const targets = [
      `customers/${encoded}/history`,
      `customers/${encoded}/subscriptions`,
      `customers/${customerId}/subscriptions/${encoded}/history`,
      `${history}?from=${encoded}`,
      `${history}?to=${encoded}`,
      `customers?date=${encoded}`,
      `customers?continuation=${encoded}`,
      `totals?currency=${encoded}`,
      `runs?from=${encoded}`,
    ];
    const untouchable = new Proxy({} as Stores, {
      get(_target, name) {
        throw new Error(`${String(name)} was read`);
      },
    });
    const watched = createTestApi({ stores: untouchable });
    for (const target of targets) expect((await watched.ask(target)).status).toBe(400);
    expect(watched.errors).toEqual([]);
  });

  test.each(injections)('%s finds no customer whose name has it not', async (text) => {
    const { status, json } = await api.ask(`customers?search=${encodeURIComponent(text)}`);
    expect(status).toBe(200);
    expect(json.items).toEqual([]);
  });
});

test('no request whatever is answered by 500', async () => {
  const word = fc.oneof(
    fc.constantFrom(...Object.values(routePaths).flatMap(({ path }) => path.split('/'))),
    fc.constantFrom('date', 'from', 'to', 'top', 'format', 'search', 'currency', 'continuation'),
    fc.constantFrom(customerId, subscriptionId(1), date, '400', 'csv', 'period', 'EUR'),
    fc.constantFrom(...oddEncodings),
    fc.string({ unit: 'binary' }).map((text) => text.replace(/[/?]/g, '')),
  );
  const pair = fc.tuple(word, word).map(([name, value]) => `${name}=${value}`);
  const query = fc.array(pair, { maxLength: 4 }).map((pairs) => pairs.join('&'));
  const path = fc.oneof(
    fc.constantFrom('customers', 'totals', 'runs', history),
    word.map((id) => `customers/${id}/history`),
    word.map((id) => `customers/${customerId}/subscriptions/${id}/history`),
  );
  await fc.assert(
    fc.asyncProperty(path, query, async (asked, parameters) => {
      const { status } = await api.ask(`${asked}?${parameters}`);
      expect([200, 400, 404]).toContain(status);
    }),
    { numRuns: 500 },
  );
  expect(api.errors).toEqual([]);
});
