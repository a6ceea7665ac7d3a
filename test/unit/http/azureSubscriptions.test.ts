import { describe, expect, test } from 'vitest';
import { planId, prodId, record, recordNights, testId } from '../../support/detailedNights.ts';
import { customerId } from '../../support/recorded.ts';
import { createTestApi, type TestApi } from './testApi.ts';

const path = `customers/${customerId}/azure-subscriptions`;

async function apiOverNights(today = '2026-03-14'): Promise<TestApi> {
  const api = createTestApi({ today });
  const night = (date: string, one: string, other: string) => ({
    date,
    plans: [
      {
        records: [record('vm1', one), record('vm2', other, { id: testId })],
        total: '60.00000000000000000001',
      },
    ],
  });
  await recordNights(api.stores, [
    night('2026-03-11', '10', '30'),
    // A missed day lies in between.
    night('2026-03-13', '12', '45.5'),
  ]);
  return api;
}

describe('GET azure-subscriptions', () => {
  test('answers what the total of a plan consists of, the largest first', async () => {
    const { text, json } = await (await apiOverNights()).ask(path);
    expect(text).toContain('"totalCost":2.50000000000000000001');
    const { items, ...head } = json;
    expect(head).toEqual({
      ...{ customerId, customerName: 'Maple Foods', date: '2026-03-13', outcome: 'usage' },
      continuation: null,
    });
    expect(items[0]).toEqual({
      azureSubscriptionId: testId,
      azureSubscriptionName: 'Test',
      subscriptionId: planId,
      ...{ outcome: 'usage', currency: 'EUR', plan: 'azurePlan', totalCost: 45.5 },
      ...{ dailyCost: 15.5, daysCovered: 2, isStale: false, usdTotalCost: null },
      ...{ billingPeriodStart: '2026-03-01', billingPeriodEnd: '2026-04-01' },
      capturedAt: '2026-03-13T02:40:00.000Z',
    });
    expect(items.map((item: Record<string, unknown>) => item['azureSubscriptionId'])).toEqual([
      ...[testId, prodId, 'rest'],
    ]);
  });

  test('answers none of a day without records, and 404 of a customer without rows', async () => {
    const api = await apiOverNights();
    const { json } = await api.ask(`${path}?date=2026-03-12`);
    expect(json).toMatchObject({ outcome: 'missing', items: [] });
    expect((await api.ask(path.replace('1/azure', '9/azure'))).status).toBe(404);
  });
});

describe('GET the history of an Azure subscription', () => {
  test('answers its days as those of any other history', async () => {
    const api = await apiOverNights();
    const { json } = await api.ask(`${path}/${testId.toUpperCase()}/history?from=2026-03-10`);
    const { series, ...head } = json;
    expect(head).toEqual({
      ...{ customerId, customerName: 'Maple Foods' },
      ...{ azureSubscriptionId: testId, azureSubscriptionName: 'Test' },
    });
    const days = series[0].items.map((item: Record<string, unknown>) => [
      ...[item['date'], item['outcome'], item['totalCost'], item['dailyCost']],
      item['daysCovered'],
    ]);
    expect(days).toEqual([
      ['2026-03-11', 'usage', 30, 30, 10],
      ['2026-03-12', 'missing', null, null, 0],
      ['2026-03-13', 'usage', 45.5, 15.5, 2],
    ]);
    expect(series[0]).toMatchObject({ currency: 'EUR', plan: 'azurePlan' });
  });

  test('answers periods and CSV, and days that were missed months after its last row', async () => {
    const api = await apiOverNights();
    const { text } = await api.ask(`${path}/${prodId}/history?interval=period&format=csv`);
    expect(text.split('\r\n')[1]).toMatch(/^EUR,azurePlan,2026-03-01,2026-04-01,12,/);
    const months = await apiOverNights('2026-07-10');
    const later = await months.ask(`${path}/${prodId}/history?from=2026-07-01&to=2026-07-02`);
    expect(later.json.series[0].items).toMatchObject([{ outcome: 'missing' }, {}]);
  });

  test.each(['unassigned', 'dddddddd-0000-4000-8000-000000000001'])(
    'answers 404 where there are no rows of %s',
    async (id) => {
      expect((await (await apiOverNights()).ask(`${path}/${id}/history`)).status).toBe(404);
    },
  );

  test('refuses what is no Azure subscription', async () => {
    const { status, json } = await createTestApi().ask(`${path}/rest/history`);
    expect(status).toBe(400);
    expect(json.errors).toEqual([
      {
        name: 'azureSubscriptionId',
        message: 'expected a GUID, or one of unassigned, meters, got "rest"',
      },
    ]);
  });
});
