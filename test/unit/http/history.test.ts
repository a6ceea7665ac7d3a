import { describe, expect, test } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { CustomerSnapshot } from '../../../src/usage/usageSnapshot.ts';
import {
  customer,
  customerId,
  figures,
  run,
  subscription,
  subscriptionId,
} from '../../contract/snapshots.ts';
import { createTestApi, type TestApi } from './testApi.ts';

const path = `customers/${customerId}/history`;
const ofSubscription = `customers/${customerId}/subscriptions/${subscriptionId(1)}/history`;

function day(snapshotDate: string, totalCost: string, change: Partial<CustomerSnapshot> = {}) {
  const lastModifiedDate = `${snapshotDate}T00:00:00Z`;
  return customer({
    snapshotDate,
    figures: { ...figures(totalCost), lastModifiedDate },
    ...change,
  });
}

async function apiOver(snapshots: CustomerSnapshot[]): Promise<TestApi> {
  const api = createTestApi();
  for (const snapshot of snapshots) await api.stores.usageByCustomer.upsertCustomer([snapshot]);
  await api.stores.snapshotRuns.upsert(run({ status: 'complete' }));
  return api;
}

/** A customer that changed its plan and currency on 12 March, and was missed on the 11th. */
const moved = [
  day('2026-03-09', '9'),
  day('2026-03-10', '10.10'),
  day('2026-03-12', '3', {
    figures: { ...figures('3'), plan: 'payAsYouGo', currency: 'USD', billingEndDate: '2026-03-31' },
  }),
];

describe('a history by days', () => {
  test('has an item for each day, with every figure to the digit, and null for what is absent', async () => {
    const api = await apiOver([day('2026-03-13', '20.00'), day('2026-03-14', '20.10')]);
    const { text, json } = await api.ask(path);
    expect(text).toContain('"totalCost":20.10,"dailyCost":0.1,');
    expect(json).toEqual({
      customerId,
      customerName: 'Contoso',
      series: [
        {
          currency: 'EUR',
          plan: 'azurePlan',
          items: [
            expect.objectContaining({ date: '2026-03-13', dailyCost: 20, daysCovered: 12 }),
            {
              date: '2026-03-14',
              outcome: 'usage',
              totalCost: 20.1,
              dailyCost: 0.1,
              daysCovered: 1,
              usdTotalCost: 31.5,
              budgetAmount: 500,
              percentUsed: 5.77,
              forecastTotalCost: 47.9308,
              forecastLow: 20.1,
              forecastHigh: 51.5221,
              isAnomaly: false,
              isStale: false,
              billingPeriodStart: '2026-03-01',
              billingPeriodEnd: '2026-04-01',
            },
          ],
        },
      ],
    });
  });

  test('has missed days as items, and a new series where currency or plan changes', async () => {
    const { json } = await (await apiOver(moved)).ask(`${path}?from=2026-03-10&to=2026-03-13`);
    expect(json.series).toMatchObject([
      {
        currency: 'EUR',
        plan: 'azurePlan',
        items: [
          { date: '2026-03-10' },
          { date: '2026-03-11', outcome: 'missing', totalCost: null },
        ],
      },
      {
        currency: 'USD',
        plan: 'payAsYouGo',
        items: [
          { date: '2026-03-12', totalCost: 3 },
          { date: '2026-03-13', outcome: 'missing' },
        ],
      },
    ]);
  });

  test('in CSV and NDJSON is flat: each row says of which series it is', async () => {
    const api = await apiOver(moved);
    const csv = await api.ask(`${path}?from=2026-03-10&to=2026-03-13&format=csv`);
    expect(csv.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="days-${customerId}.csv"`,
    });
    const lines = csv.text.split('\r\n');
    expect(lines[0]).toMatch(/^currency,plan,date,outcome,totalCost,dailyCost,daysCovered,/);
    expect(lines.slice(1, 5).map((line) => line.split(',').slice(0, 5).join())).toEqual([
      'EUR,azurePlan,2026-03-10,usage,10.10',
      'EUR,azurePlan,2026-03-11,missing,',
      'USD,payAsYouGo,2026-03-12,usage,3',
      'USD,payAsYouGo,2026-03-13,missing,',
    ]);
    const { text } = await api.ask(`${path}?from=2026-03-10&to=2026-03-13&format=ndjson`);
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(rows.map((one) => Object.keys(one).join())).toEqual(rows.map(() => lines[0]));
    expect(rows[2]).toMatchObject({ currency: 'USD', plan: 'payAsYouGo', totalCost: 3 });
  });

  test('of a customer without any figures has neither currency nor plan', async () => {
    const { figures: _, ...rest } = customer({ outcome: 'noUsage' });
    const { json } = await (await apiOver([rest])).ask(path);
    expect(json.series).toMatchObject([
      { currency: null, plan: null, items: [{ totalCost: 0, outcome: 'noUsage' }] },
    ]);
  });

  test('of days before the first row is empty, and is no error', async () => {
    const { status, json } = await (await apiOver(moved)).ask(`${path}?to=2026-01-31`);
    expect(status).toBe(200);
    expect(json).toEqual({ customerId, customerName: 'Contoso', series: [] });
  });
});

describe('a history by billing periods', () => {
  test('has an item for each, that is never final', async () => {
    const february = {
      ...figures('77.70'),
      billingStartDate: '2026-02-01T00:00:00Z',
      billingEndDate: '2026-03-01T00:00:00Z',
    };
    const api = await apiOver([
      day('2026-02-28', '77.70', { figures: february }),
      day('2026-03-14', '20.10'),
    ]);
    const { text, json } = await api.ask(`${path}?interval=period`);
    expect(text).toContain('"totalCost":77.70');
    expect(json.series).toEqual([
      {
        currency: 'EUR',
        plan: 'azurePlan',
        items: [
          {
            billingPeriodStart: '2026-02-01',
            billingPeriodEnd: '2026-03-01',
            totalCost: 77.7,
            usdTotalCost: 31.5,
            budgetAmount: 500,
            percentUsed: 15.54,
            lastSnapshotDate: '2026-02-28',
            isFinal: false,
          },
          expect.objectContaining({ totalCost: 20.1, percentUsed: 4.02 }),
        ],
      },
    ]);
    const csv = await api.ask(`${path}?interval=period&format=csv`);
    expect(csv.headers['content-disposition']).toContain(`"periods-${customerId}.csv"`);
    expect(csv.text).toMatch(/^currency,plan,billingPeriodStart,.*\r\nEUR,azurePlan,2026-02-01,/);
  });

  test('has no cost in USD where usage was taken back to none', async () => {
    const { figures: _, ...none } = day('2026-03-14', '0', { outcome: 'noUsage' });
    const api = await apiOver([day('2026-03-13', '20'), none]);
    const { json } = await api.ask(`${path}?interval=period`);
    expect(json.series[0].items).toMatchObject([
      { totalCost: 0, usdTotalCost: null, percentUsed: 0 },
    ]);
  });
});

describe('the history of a subscription', () => {
  test('is its own, under its name', async () => {
    const api = await apiOver([]);
    await api.stores.usageByCustomer.upsertCustomer([
      customer(),
      subscription(1, { figures: { ...figures(), totalCost: parseAmount('1.5') } }),
      subscription(2),
    ]);
    const { json } = await api.ask(ofSubscription);
    expect(json).toMatchObject({
      customerId,
      customerName: 'Contoso',
      subscriptionId: subscriptionId(1),
      subscriptionName: 'Azure plan',
      series: [{ items: [{ totalCost: 1.5 }] }],
    });
    const csv = await api.ask(`${ofSubscription}?format=csv`);
    expect(csv.headers['content-disposition']).toContain(`"days-${subscriptionId(1)}.csv"`);
    const periods = await api.ask(`${ofSubscription}?interval=period`);
    expect(periods.json.series[0].items).toMatchObject([{ totalCost: 1.5 }]);
  });
});

test.each([
  path,
  ofSubscription,
  `${path}?interval=period`,
  `customers/${customerId}/subscriptions`,
])('%s of what never had a row is not found', async (target) => {
  const { status, headers, json } = await (await apiOver([])).ask(target);
  expect(status).toBe(404);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(json.detail).toContain('never a row');
});
