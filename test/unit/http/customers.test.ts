import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runSnapshot } from '../../../src/snapshot/snapshotRun.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import type { SnapshotRun } from '../../../src/usage/snapshotRun.ts';
import { customer, date, figures, run, subscriptionId } from '../../contract/snapshots.ts';
import { createNight } from '../../support/night.ts';
import { createTestApi, type TestApi } from './testApi.ts';

function idOf(number: number): string {
  return subscriptionId(number);
}

/** A row with a cost of so much in a currency, or without figures. */
function row(number: number, currency?: string, totalCost = '1'): LedgerRow {
  const base = customer({ customerId: idOf(number), customerName: `Customer ${number}` });
  if (currency !== undefined) return { ...base, figures: { ...figures(totalCost), currency } };
  const { figures: _, ...rest } = base;
  return { ...rest, outcome: 'failed' };
}

async function apiOver(rows: LedgerRow[], ...runs: Partial<SnapshotRun>[]): Promise<TestApi> {
  const api = createTestApi();
  await api.stores.usageByDay.upsertDay(rows);
  const all = runs.length > 0 ? runs : [{ status: 'complete' } as const];
  for (const [index, change] of all.entries()) {
    await api.stores.snapshotRuns.upsert(run({ runId: `run-${index}`, ...change }));
  }
  return api;
}

/** Ids of all pages, one after the other. */
async function walk(api: TestApi, query: string): Promise<string[]> {
  const ids: string[] = [];
  let continuation: string | null = '';
  for (let pages = 0; continuation !== null; pages++) {
    expect(pages).toBeLessThan(200);
    const next: string = continuation && `&continuation=${continuation}`;
    const { status, json } = await api.ask(`customers?${query}${next}`);
    expect(status).toBe(200);
    ids.push(...json.items.map((item: { customerId: string }) => item.customerId));
    continuation = json.continuation;
  }
  return ids;
}

describe('the ranking of a day', () => {
  test('has every figure with its digits, and null for what is absent', async () => {
    const cost = { dailyCost: parseAmount('-0.50'), daysCovered: 2, isStale: false };
    const failure = { phase: 'summary' as const, status: 503, code: 'HTTP_503', message: 'down' };
    const api = await apiOver([
      { ...row(1, 'EUR', '28.82860766744404945074'), cost },
      { ...row(2), failure },
    ]);
    const { text, json } = await api.ask('customers');
    expect(text).toContain('"totalCost":28.82860766744404945074,"dailyCost":-0.50');
    expect(json).toEqual({
      date,
      complete: true,
      asOf: '2026-03-14T02:30:07.123Z',
      continuation: null,
      items: [
        {
          customerId: idOf(1),
          customerName: 'Customer 1',
          outcome: 'usage',
          currency: 'EUR',
          plan: 'azurePlan',
          totalCost: 28.828607667444,
          dailyCost: -0.5,
          daysCovered: 2,
          isStale: false,
          usdTotalCost: 31.5,
          budgetAmount: 500,
          percentUsed: 5.77,
          billingPeriodStart: '2026-03-01',
          billingPeriodEnd: '2026-04-01',
          errorCode: null,
          errorMessage: null,
          capturedAt: '2026-03-14T02:30:07.123Z',
        },
        {
          ...json.items[1],
          customerId: idOf(2),
          outcome: 'failed',
          currency: null,
          plan: null,
          totalCost: null,
          dailyCost: null,
          daysCovered: null,
          isStale: null,
          percentUsed: null,
          billingPeriodStart: null,
          errorCode: 'HTTP_503',
          errorMessage: 'down',
        },
      ].map((item) => ({
        ...item,
        totalCost: item.totalCost === null ? null : expect.closeTo(item.totalCost, 10),
      })),
    });
  });

  test('has no usage as a total of 0', async () => {
    const api = await apiOver([{ ...row(1), outcome: 'noUsage' }]);
    expect((await api.ask('customers')).json.items).toMatchObject([
      { totalCost: 0, currency: null },
    ]);
  });

  test('has 100 customers in JSON unless another number is asked for, and all of them in CSV', async () => {
    const api = await apiOver(Array.from({ length: 250 }, (_, index) => row(index, 'EUR')));
    expect((await api.ask('customers')).json.items).toHaveLength(100);
    expect((await api.ask('customers?top=7')).json.items).toHaveLength(7);
    const csv = await api.ask('customers?format=csv');
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(251);
    expect(csv.headers['link']).toBeUndefined();
  });

  test('shows only those that are asked for', async () => {
    const api = await apiOver([row(1, 'EUR'), row(2, 'USD'), row(3)]);
    const ids = async (query: string) => (await walk(api, query)).map((id) => Number(id.slice(-1)));
    expect(await ids('currency=usd')).toEqual([2]);
    expect(await ids('outcome=failed')).toEqual([3]);
    expect(await ids('search=CUSTOMER%201')).toEqual([1]);
    expect(await ids(`search=${idOf(3).toUpperCase()}`)).toEqual([3]);
    expect(await ids('currency=USD&outcome=failed')).toEqual([]);
  });
});

describe('the pages of a ranking', () => {
  test('have each customer once, in order, whatever the page, the order and the figures are', async () => {
    const ledgerRow = fc.record({
      currency: fc.option(fc.constantFrom('EUR', 'USD', 'NOK'), { nil: undefined }),
      totalCost: fc.constantFrom('0', '1', '1.0', '-2', '28.82860766744404945074', '1e15'),
      dailyCost: fc.option(fc.constantFrom('0', '5', '-5'), { nil: undefined }),
      hasBudget: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(ledgerRow, { maxLength: 12 }),
        fc.constantFrom('totalCost', 'percentUsed', 'dailyCost'),
        fc.integer({ min: 1, max: 5 }),
        async (drawn, orderBy, top) => {
          const rows = drawn.map(({ currency, totalCost, dailyCost, hasBudget }, index) => {
            const { figures: own, ...rest } = row(index, currency, totalCost);
            const { budgetAmount: _, percentUsed: _percent, ...plain } = own ?? figures();
            const kept = hasBudget ? own : plain;
            const cost = { daysCovered: 1, isStale: false };
            return {
              ...rest,
              ...(own && kept && { figures: kept }),
              ...(dailyCost && { cost: { ...cost, dailyCost: parseAmount(dailyCost) } }),
            };
          });
          const api = await apiOver(rows);
          const whole = await walk(api, `orderBy=${orderBy}&top=1000`);
          expect(whole.toSorted()).toEqual(rows.map((one) => one.customerId));
          expect(await walk(api, `orderBy=${orderBy}&top=${top}`)).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are of the day on which they began, although a newer one is whole meanwhile', async () => {
    const api = await apiOver([row(1, 'EUR', '2'), row(2, 'EUR', '1')]);
    const { json } = await api.ask('customers?top=1');
    const snapshotDate = '2026-03-15';
    await api.stores.usageByDay.upsertDay([{ ...row(3, 'EUR'), snapshotDate }]);
    await api.stores.snapshotRuns.upsert(run({ snapshotDate, status: 'complete' }));
    const tomorrow = createTestApi({ stores: api.stores, today: snapshotDate });
    expect((await tomorrow.ask('customers')).json).toMatchObject({ date: snapshotDate });
    const next = await tomorrow.ask(`customers?top=1&continuation=${json.continuation}`);
    expect(next.json).toMatchObject({ date, items: [{ customerId: idOf(2) }], continuation: null });
  });

  test('miss nobody when another currency comes to have most customers meanwhile', async () => {
    const api = await apiOver([row(1, 'EUR'), row(2, 'EUR'), row(3, 'USD')]);
    const { json } = await api.ask('customers?top=2');
    await api.stores.usageByDay.upsertDay([row(4, 'USD', '0.5'), row(5, 'USD', '0.4')]);
    const next = await api.ask(`customers?top=5&continuation=${json.continuation}`);
    const ids = next.json.items.map((item: { customerId: string }) => item.customerId);
    expect(ids).toEqual([idOf(3), idOf(4), idOf(5)]);
  });

  test('that begin where a customer was who is gone go on after it', async () => {
    const rows = [row(1, 'EUR', '3'), row(2, 'EUR', '2'), row(3, 'EUR', '1')];
    const { json } = await (await apiOver(rows)).ask('customers?top=2');
    const without = await apiOver(rows.filter((one) => one.customerId !== idOf(2)));
    const next = await without.ask(`customers?top=2&continuation=${json.continuation}`);
    expect(next.json.items).toMatchObject([{ customerId: idOf(3) }]);
  });

  test('follow each other by the header Link in CSV, without the key', async () => {
    const api = await apiOver([row(1, 'EUR', '2'), row(2, 'EUR', '1')]);
    const first = await api.ask('customers?code=SECRET&top=1&format=csv&search=Customer+%261');
    expect(first.headers['link']).toBeUndefined();
    const page = await api.ask(
      'customers?code=SECRET&Code=SECRET&clientId=SECRET&top=1&format=csv',
    );
    const [, query] = /^<(\?[^>]+)>; rel="next"$/.exec(page.headers['link'] ?? '') ?? [];
    expect(query).toMatch(/^\?top=1&format=csv&continuation=[\w-]+$/);
    const next = await api.ask(`customers${query}`);
    expect(next.text).toContain('Customer 2');
    expect(next.headers['link']).toBeUndefined();
  });
});

describe('a continuation', () => {
  const rows = [row(1, 'EUR', '2'), row(2, 'EUR', '1')];

  test.each(['orderBy=dailyCost', 'outcome=usage', 'currency=EUR', 'search=c', 'date=2026-03-13'])(
    'is of no use with %s, for which it was not made',
    async (other) => {
      const api = await apiOver(rows);
      const { json } = await api.ask('customers?top=1');
      const answer = await api.ask(`customers?top=1&${other}&continuation=${json.continuation}`);
      expect(answer.status).toBe(400);
      expect(answer.json.errors).toEqual([
        {
          name: 'continuation',
          message: 'expected the parameters of the page before: it was made for others',
        },
      ]);
    },
  );

  test('may come with the day that it is of, and with another number of customers', async () => {
    const api = await apiOver(rows);
    const { json } = await api.ask('customers?top=1');
    const query = `date=${date}&orderBy=totalCost&top=9&continuation=${json.continuation}`;
    expect((await api.ask(`customers?${query}`)).json.items).toHaveLength(1);
  });

  test('that is broken is named, and nothing of it is believed', async () => {
    const api = await apiOver(rows);
    const { json } = await api.ask('customers?top=1');
    const parts = JSON.parse(Buffer.from(json.continuation, 'base64url').toString());
    const changed = (change: (copy: unknown[]) => void) => {
      const copy = structuredClone(parts);
      change(copy);
      return Buffer.from(JSON.stringify(copy)).toString('base64url');
    };
    const broken = [
      'x',
      json.continuation.slice(0, -9),
      `${json.continuation}.`,
      `${json.continuation}=`,
      Buffer.from('null').toString('base64url'),
      Buffer.from('{"__proto__":1}').toString('base64url'),
      Buffer.from([0xff, 0xfe]).toString('base64url'),
      changed((copy) => copy.pop()),
      changed((copy) => copy.push(1)),
      changed((copy) => copy.splice(0, 1, 2)),
      changed((copy) => copy.splice(1, 1, "2026-03-14' or RowKey ge '")),
      changed((copy) => copy.splice(1, 1, '0000-01-01')),
      changed((copy) => copy.splice(4, 1, '1e999')),
      changed((copy) => copy.splice(5, 1, null)),
    ];
    for (const text of broken) {
      const answer = await api.ask(`customers?top=1&continuation=${text}`);
      expect([text, answer.status]).toEqual([text, 400]);
      expect(answer.json.errors).toMatchObject([{ name: 'continuation' }]);
    }
    expect(api.errors).toEqual([]);
  });
});

describe('while a run records the day', () => {
  test('the ranking by default is that of the last whole day', async () => {
    const api = await apiOver(
      [row(1, 'EUR')],
      { snapshotDate: '2026-03-13', status: 'complete' },
      {},
    );
    await api.stores.usageByDay.upsertDay([{ ...row(1, 'EUR'), snapshotDate: '2026-03-13' }]);
    const { json } = await api.ask('customers');
    expect(json).toMatchObject({ date: '2026-03-13', complete: true });
  });

  test('a ranking says that it is not whole and how far it has come, until it is', async () => {
    const night = createNight({ customers: 400 });
    const today = '2026-03-10';
    const api = createTestApi({ stores: night.stores, today });
    const work = runSnapshot({ trigger: 'timer' }, night.context);
    const answers = [];
    for (const ms of [0, 4_000, 4_000, 4_000]) {
      await night.clock.advance(ms);
      answers.push((await api.ask(`customers?date=${today}&top=1000`)).json);
    }
    await night.clock.run(work);
    const { json: last } = await api.ask(`customers?date=${today}&top=1000`);
    expect(last).toMatchObject({ complete: true });
    expect(last.items).toHaveLength(400);
    for (const { complete, asOf, items } of answers) {
      expect(complete).toBe(false);
      expect(items.length).toBeLessThan(400);
      expect(items.length > 0).toBe(asOf !== null);
      expect(asOf === null || asOf < last.asOf).toBe(true);
    }
    expect(answers.at(-1).items.length).toBeGreaterThan(0);
  });
});

test('a ranking that cannot tell one row leaves it out, and says so to the log alone', async () => {
  const reported: string[] = [];
  const api = await apiOver([row(1, 'EUR')]);
  const over = createTestApi({
    openHistory: async () => ({
      stores: {
        ...api.stores,
        usageByDay: {
          getDay: api.stores.usageByDay.getDay,
          listAnomalies: api.stores.usageByDay.listAnomalies,
          listRanking: (day, options) => {
            options?.onUnreadable?.(new Error(`a row of ${day}`));
            return api.stores.usageByDay.listRanking(day, options);
          },
        },
      },
      now: () => Date.parse('2026-03-14T05:00:00Z'),
      minimumCost: 10,
      hasCustomerMetrics: false,
      onUnreadable: ({ message }) => reported.push(message),
    }),
  });
  expect((await over.ask('customers')).json.items).toHaveLength(1);
  expect(reported).toEqual([`a row of ${date}`]);
});
