import { describe, expect, test } from 'vitest';
import { BudgetAlertTableStore } from '../../../src/storage/budgetAlertTableStore.ts';
import { createMemoryStores } from '../../../src/storage/createStores.ts';
import { MemoryTable } from '../../../src/storage/memoryTable.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import {
  customer,
  customerId,
  date,
  figures,
  run,
  subscription,
  subscriptionId,
} from '../../contract/snapshots.ts';
import { alert, alertWithoutForecast } from '../../support/alerts.ts';
import { createTestApi } from './testApi.ts';

const subscriptions = `customers/${customerId}/subscriptions`;

describe('the subscriptions of a customer', () => {
  test('are those of the latest whole day, with their figures', async () => {
    const api = createTestApi();
    const { figures: _, subscriptionStatus: _status, offerId: _offer, ...rest } = subscription(2);
    const failure = {
      phase: 'subscriptionSummary' as const,
      code: 'TIMEOUT',
      message: 'no answer',
    };
    await api.stores.usageByCustomer.upsertCustomer([
      customer(),
      subscription(1, { figures: { ...figures('1.10') } }),
      { ...rest, outcome: 'failed', failure },
    ]);
    await api.stores.snapshotRuns.upsert(run({ status: 'complete' }));
    const { text, json } = await api.ask(subscriptions);
    expect(text).toContain('"totalCost":1.10');
    expect(json).toEqual({
      customerId,
      customerName: 'Contoso',
      date,
      outcome: 'usage',
      continuation: null,
      items: [
        {
          subscriptionId: subscriptionId(1),
          subscriptionName: 'Azure plan',
          subscriptionStatus: 'active',
          partnerOnRecord: '4711',
          offerId: 'DZH318Z0BPS6:0001:DZH318Z0BMXZ',
          outcome: 'usage',
          currency: 'EUR',
          plan: 'azurePlan',
          totalCost: 1.1,
          usdTotalCost: 31.5,
          budgetAmount: 500,
          percentUsed: 5.77,
          billingPeriodStart: '2026-03-01',
          billingPeriodEnd: '2026-04-01',
          errorCode: null,
          errorMessage: null,
          capturedAt: '2026-03-14T02:30:08.456Z',
        },
        expect.objectContaining({
          subscriptionId: subscriptionId(2),
          subscriptionStatus: null,
          offerId: null,
          outcome: 'failed',
          totalCost: null,
          errorCode: 'TIMEOUT',
          errorMessage: 'no answer',
        }),
      ],
    });
    const csv = await api.ask(`${subscriptions}?format=csv`);
    expect(csv.headers['content-disposition']).toContain(
      `"subscriptions-${customerId}-2026-03-14.csv"`,
    );
    expect(csv.text.split('\r\n')).toHaveLength(4);
  });

  test('on a day without a row of the customer are none, with the outcome missing', async () => {
    const api = createTestApi();
    await api.stores.usageByCustomer.upsertCustomer([customer()]);
    const { json } = await api.ask(`${subscriptions}?date=2026-03-01`);
    expect(json).toMatchObject({ date: '2026-03-01', outcome: 'missing', items: [] });
  });
});

describe('totals', () => {
  const total = (currency: string, snapshotDate = date) => ({
    snapshotDate,
    currency,
    capturedAt: `${snapshotDate}T03:00:00.000Z`,
    runId: 'run',
    totalCost: parseAmount('1000.10'),
    customers: 3,
    customersMissing: 1,
  });

  test('are one for each day and currency, with the digits of their sums', async () => {
    const api = createTestApi();
    await api.stores.usageByCustomer.upsertTotals([
      { ...total('EUR'), dailyCost: parseAmount('-0.50') },
      total('USD', '2026-03-13'),
      total('XXX'),
    ]);
    await api.stores.snapshotRuns.upsert(run({ status: 'complete' }));
    const { text, json } = await api.ask('totals');
    expect(text).toContain('"totalCost":1000.10,"dailyCost":-0.50');
    expect(json).toEqual({
      items: [
        expect.objectContaining({ date: '2026-03-13', currency: 'USD', dailyCost: null }),
        {
          date,
          currency: 'EUR',
          totalCost: 1000.1,
          dailyCost: -0.5,
          customers: 3,
          customersMissing: 1,
          asOf: '2026-03-14T03:00:00.000Z',
        },
        expect.objectContaining({ currency: 'XXX' }),
      ],
      continuation: null,
    });
    const { json: one } = await api.ask('totals?currency=usd');
    expect(one.items).toMatchObject([{ currency: 'USD' }]);
    const csv = await api.ask('totals?format=csv&currency=EUR');
    expect(csv.text).toBe(
      'date,currency,totalCost,dailyCost,customers,customersMissing,asOf\r\n' +
        '2026-03-14,EUR,1000.10,-0.50,3,1,2026-03-14T03:00:00.000Z\r\n',
    );
  });
});

describe('budget alerts', () => {
  test('have the figures that they were raised on, with every digit', async () => {
    const api = createTestApi();
    const causes = 'vm1 (Prod) +90.00 EUR';
    const broken = alert({ kind: 'forecast', threshold: 100, isDelivered: true, causes });
    await api.stores.budgetAlerts.createIfAbsent([alertWithoutForecast(), broken]);
    const { text, json } = await api.ask('budget-alerts');
    expect(text).toContain(
      '"threshold":75,"percentUsed":75.365721533488809890148,"totalCost":376.82860766744404945074,"forecastTotalCost":null,"budgetAmount":500,',
    );
    expect(text).toContain('"forecastTotalCost":812.50');
    expect(json).toEqual({
      items: [
        {
          alertId: `2026-03-01|${customerId}|actual|75|500`,
          customerId,
          customerName: 'Contoso',
          kind: 'actual',
          threshold: 75,
          percentUsed: 75.36572153348881,
          totalCost: 376.82860766744403,
          forecastTotalCost: null,
          budgetAmount: 500,
          currency: 'EUR',
          billingPeriodStart: '2026-03-01',
          billingPeriodEnd: '2026-04-01',
          snapshotDate: date,
          raisedAt: '2026-03-14T02:40:00.000Z',
          isDelivered: false,
          causes: null,
        },
        expect.objectContaining({
          ...{ kind: 'forecast', threshold: 100, isDelivered: true },
          causes,
        }),
      ],
      continuation: null,
    });
    const csv = await api.ask('budget-alerts?format=csv');
    expect(csv.headers['content-disposition']).toContain('"budget-alerts.csv"');
    const [header, line] = csv.text.split('\r\n');
    expect(header).toBe(Object.keys(json.items[0]).join(','));
    expect(line).toContain(
      ',actual,75,75.365721533488809890148,376.82860766744404945074,,500,EUR,',
    );
    const ndjson = await api.ask('budget-alerts?format=ndjson');
    expect(ndjson.text.trimEnd().split('\n')).toHaveLength(2);
  });

  test('are those of the days and the customer that were asked for', async () => {
    const api = createTestApi();
    const other = subscriptionId(1);
    await api.stores.budgetAlerts.createIfAbsent([
      alert({ threshold: 75, snapshotDate: '2026-03-12' }),
      alert({ threshold: 90, snapshotDate: '2026-03-13' }),
      alert({ customerId: other, customerName: 'Fabrikam', snapshotDate: '2026-03-13' }),
      alert({ threshold: 50, status: 'covered', isDelivered: true }),
    ]);
    const found = async (query: string) => {
      const { status, json } = await api.ask(`budget-alerts?${query}`);
      expect(status).toBe(200);
      return json.items.map(
        (item: { customerName: string; threshold: number }) =>
          `${item.customerName} ${item.threshold}`,
      );
    };
    expect(await found('')).toEqual(['Contoso 75', 'Contoso 90', 'Fabrikam 75']);
    expect(await found('from=2026-03-13')).toEqual(['Contoso 90', 'Fabrikam 75']);
    expect(await found('to=2026-03-12')).toEqual(['Contoso 75']);
    expect(await found(`customerId=${other.toUpperCase()}`)).toEqual(['Fabrikam 75']);
    expect(await found('customerId=00000000-0000-4000-8000-000000000000')).toEqual([]);
    const { status, json } = await api.ask('budget-alerts?customerId=contoso');
    expect([status, json.errors]).toEqual([
      400,
      [{ name: 'customerId', message: 'expected a GUID, got "contoso"' }],
    ]);
  });

  test('of which one cannot be read are the others, and that one is told', async () => {
    const budgetAlerts = new MemoryTable('BudgetAlerts');
    const stores = {
      ...createMemoryStores(),
      budgetAlerts: new BudgetAlertTableStore(budgetAlerts),
    };
    await stores.budgetAlerts.createIfAbsent([alert()]);
    const odd = { partitionKey: date, rowKey: 'odd', snapshotDate: date, kind: 'odd' };
    await budgetAlerts.upsert([odd]);
    const reported: Error[] = [];
    const now = () => Date.parse(`${date}T05:00:00Z`);
    const onUnreadable = (error: Error) => reported.push(error);
    const history = { stores, now, minimumCost: 10, hasCustomerMetrics: false, onUnreadable };
    const { json } = await createTestApi({ openHistory: async () => history }).ask('budget-alerts');
    expect(json.items).toMatchObject([{ customerId }]);
    expect(reported).toMatchObject([{ code: 'UNREADABLE_ROW', place: { rowKey: 'odd' } }]);
  });
});

describe('runs', () => {
  test('have every column of theirs, null where it is absent', async () => {
    const api = createTestApi();
    const whole = run({
      runId: 'run-2',
      status: 'partial',
      finishedAt: '2026-03-14T03:00:00.000Z',
      durationMs: 1_800_000,
      customersRemaining: 4,
      customersFailing: 1,
      isConcluded: true,
      isSettled: false,
      error: 'the deadline passed',
      refreshTokenAgeDays: 1.5,
      depthCaptured: 7,
      depthFailed: 1,
      isDepthDone: false,
    });
    await api.stores.snapshotRuns.upsert(run());
    await api.stores.snapshotRuns.upsert(whole);
    const { json } = await api.ask('runs');
    const absent = {
      finishedAt: null,
      durationMs: null,
      customersRemaining: null,
      customersFailing: null,
      isConcluded: null,
      isSettled: null,
      error: null,
      refreshTokenAgeDays: null,
      depthCaptured: null,
      depthFailed: null,
      isDepthDone: null,
    };
    expect(json).toEqual({ items: [{ ...run(), ...absent }, whole], continuation: null });
    const csv = await api.ask('runs?format=csv');
    const [header, , line] = csv.text.split('\r\n').map((one) => one.split(','));
    expect(header?.toSorted()).toEqual(Object.keys(whole).toSorted());
    expect(line?.slice(-5)).toEqual(['the deadline passed', '1.5', '7', '1', 'false']);
  });
});
