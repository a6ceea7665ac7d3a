import { describe, expect, test } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import { customer, date, figures, run, subscriptionId } from '../../contract/snapshots.ts';
import { createTestApi, type TestApi } from './testApi.ts';

const dayBefore = '2026-03-13';
const idOf = subscriptionId;

function row(number: number, snapshotDate: string, dailyCost: string): LedgerRow {
  return {
    ...customer({ snapshotDate, customerId: idOf(number), customerName: `Customer ${number}` }),
    figures: figures(),
    cost: { dailyCost: parseAmount(dailyCost), daysCovered: 1, isStale: false },
  };
}

/** Each customer costs its number more than the day before. */
async function apiOver(customers: number): Promise<TestApi> {
  const api = createTestApi();
  const numbers = Array.from({ length: customers }, (_, index) => index + 1);
  await api.stores.usageByDay.upsertDay(numbers.map((number) => row(number, dayBefore, '10')));
  await api.stores.usageByDay.upsertDay(
    numbers.map((number) => row(number, date, `${10 + number}.000000000000000001`)),
  );
  for (const snapshotDate of [dayBefore, date]) {
    await api.stores.snapshotRuns.upsert(run({ snapshotDate, status: 'complete' }));
  }
  return api;
}

describe('GET movers', () => {
  test('answers who moved with every digit, and the two days', async () => {
    const api = await apiOver(2);
    await api.stores.usageByDay.upsertDay([row(3, date, '0.10'), row(4, dayBefore, '7')]);
    const { text, json } = await api.ask('movers');
    expect(text).toContain('"after":12.000000000000000001,"change":2.000000000000000001');
    expect(json).toEqual({
      date,
      beforeDate: dayBefore,
      complete: true,
      asOf: '2026-03-14T02:30:07.123Z',
      continuation: null,
      items: [
        {
          customerId: idOf(4),
          customerName: 'Customer 4',
          currency: 'EUR',
          before: 7,
          after: null,
          change: -7,
          percent: -100,
          kind: 'vanished',
        },
        expect.objectContaining({ customerId: idOf(2), percent: 20, kind: 'changed' }),
        expect.objectContaining({ customerId: idOf(1) }),
        {
          customerId: idOf(3),
          customerName: 'Customer 3',
          currency: 'EUR',
          before: null,
          after: 0.1,
          change: 0.1,
          percent: null,
          kind: 'new',
        },
      ],
    });
  });

  test('comes page by page, each customer once, and all at once as CSV', async () => {
    const api = await apiOver(250);
    const ids: string[] = [];
    let next = '';
    do {
      expect(ids.length).toBeLessThan(250);
      const { status, json } = await api.ask(`movers?orderBy=change${next}`);
      expect(status).toBe(200);
      ids.push(...json.items.map((item: { customerId: string }) => item.customerId));
      next = json.continuation === null ? '' : `&continuation=${json.continuation}`;
    } while (next !== '');
    expect(ids).toEqual(Array.from({ length: 250 }, (_, index) => idOf(250 - index)));
    const csv = await api.ask('movers?format=csv');
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(251);
    expect(csv.headers['content-disposition']).toContain('"movers-2026-03-14.csv"');
  });

  test.each(['against=week', 'orderBy=percent', 'currency=EUR', 'search=c', `date=${dayBefore}`])(
    'with a continuation of other parameters than %s is a mistake that is named',
    async (other) => {
      const api = await apiOver(2);
      const { json } = await api.ask('movers?top=1');
      const answer = await api.ask(`movers?top=1&${other}&continuation=${json.continuation}`);
      expect(answer.status).toBe(400);
      expect(answer.json.errors).toMatchObject([{ name: 'continuation' }]);
    },
  );

  test('with a continuation of the ranking is a mistake that is named', async () => {
    const api = await apiOver(2);
    const { json } = await api.ask('customers?top=1');
    const answer = await api.ask(`movers?continuation=${json.continuation}`);
    expect(answer.json.errors).toMatchObject([{ name: 'continuation' }]);
  });

  test('names every parameter that cannot be used', async () => {
    const { status, json } = await (await apiOver(1)).ask('movers?against=month&orderBy=name');
    expect(status).toBe(400);
    expect(json.errors).toEqual([
      { name: 'against', message: 'expected one of day, week, period, got "month"' },
      { name: 'orderBy', message: 'expected one of change, percent, got "name"' },
    ]);
  });
});

describe('GET anomalies', () => {
  const anomaly = (number: number, snapshotDate: string, change: Partial<LedgerRow> = {}) => ({
    ...row(number, snapshotDate, '540.10'),
    expectedCost: parseAmount('20.0000'),
    causes: 'vm1 +520.10 EUR',
    isAnomalyDelivered: true,
    ...change,
  });

  test('answers what was found, the newest first, with what was expected', async () => {
    const api = createTestApi();
    const { expectedCost: _, causes: __, ...ofOldVersion } = anomaly(2, dayBefore);
    await api.stores.usageByDay.upsertDay([
      ofOldVersion,
      row(3, date, '20'),
      anomaly(1, date, { isAnomalyDelivered: false }),
    ]);
    const { text, json } = await api.ask('anomalies');
    expect(text).toContain('"dailyCost":540.10,"expectedCost":20.0000');
    expect(json).toEqual({
      items: [
        {
          date,
          customerId: idOf(1),
          customerName: 'Customer 1',
          currency: 'EUR',
          dailyCost: 540.1,
          expectedCost: 20,
          causes: 'vm1 +520.10 EUR',
          delivered: false,
        },
        expect.objectContaining({ date: dayBefore, expectedCost: null, causes: null }),
      ],
      continuation: null,
    });
    const { json: ofOne } = await api.ask(`anomalies?customerId=${idOf(2)}`);
    expect(ofOne.items).toMatchObject([{ customerId: idOf(2) }]);
  });

  test('comes page by page, each anomaly once, and all at once as NDJSON', async () => {
    const api = createTestApi();
    const numbers = Array.from({ length: 130 }, (_, index) => index + 1);
    for (const day of [dayBefore, date]) {
      await api.stores.usageByDay.upsertDay(numbers.map((number) => anomaly(number, day)));
    }
    const found: string[] = [];
    let next = '';
    do {
      expect(found.length).toBeLessThan(260);
      const { status, json } = await api.ask(`anomalies?currency=EUR${next}`);
      expect(status).toBe(200);
      for (const { date: day, customerId } of json.items) found.push(`${day} ${customerId}`);
      next = json.continuation === null ? '' : `&continuation=${json.continuation}`;
    } while (next !== '');
    const expected = [date, dayBefore].flatMap((day) => numbers.map((n) => `${day} ${idOf(n)}`));
    expect(found).toEqual(expected);
    const { text } = await api.ask('anomalies?format=ndjson');
    expect(text.trimEnd().split('\n')).toHaveLength(260);
    const { json } = await api.ask('anomalies');
    const other = await api.ask(`anomalies?search=x&continuation=${json.continuation}`);
    expect(other.json.errors).toMatchObject([{ name: 'continuation' }]);
  });
});
