import { describe, expect, test } from 'vitest';
import { planId, prodId, record, recordNights, testId } from '../../support/detailedNights.ts';
import { customerId } from '../../support/recorded.ts';
import { createTestApi, type TestApi } from './testApi.ts';

const path = `customers/${customerId}/resources`;

async function apiOverNight(): Promise<TestApi> {
  const api = createTestApi();
  await recordNights(api.stores, [
    {
      date: '2026-03-13',
      plans: [
        {
          records: [
            record('vm-web-01', '10.00000000000000000001'),
            record('VM-Web-01', '1', { group: 'RG1' }),
            record('db1', '40', { type: 'Microsoft.Sql/servers' }),
            record('vm-web-02', '5', { id: testId }),
            record('', '7', { resourceUri: null }),
          ],
        },
        {
          planId: 'bbbbbbbb-0000-4000-8000-000000000002',
          records: [record('vm-web-03', '90')],
          isWithoutBlob: true,
        },
      ],
    },
  ]);
  return api;
}

const namesOf = (items: { resource: string }[]) => items.map(({ resource }) => resource);

describe('GET resources', () => {
  test('answers those whose name has a part, under one spelling, the largest first', async () => {
    const { text, json } = await (await apiOverNight()).ask(`${path}?search=WEB`);
    expect(text).toContain('"totalCost":11.00000000000000000001');
    const { items, ...head } = json;
    expect(head).toEqual({
      ...{ customerId, customerName: 'Maple Foods', date: '2026-03-13', outcome: 'usage' },
      continuation: null,
    });
    expect(items).toEqual([
      {
        subscriptionId: planId,
        azureSubscriptionId: prodId,
        azureSubscriptionName: 'Prod',
        resourceGroup: 'rg1',
        resource: 'vm-web-01',
        type: 'Microsoft.Compute/virtualMachines',
        ...{ currency: 'EUR', totalCost: 11 },
      },
      expect.objectContaining({ resource: 'vm-web-02', azureSubscriptionName: 'Test' }),
    ]);
  });

  test('answers all without a search, or as many as asked for', async () => {
    const api = await apiOverNight();
    const { json } = await api.ask(path);
    expect(namesOf(json.items)).toEqual(['db1', 'vm-web-01', 'vm-web-02']);
    expect(namesOf((await api.ask(`${path}?top=1`)).json.items)).toEqual(['db1']);
    const { text } = await api.ask(`${path}?format=csv`);
    expect(text.trimEnd().split('\r\n')).toHaveLength(4);
  });

  test('answers none of a day without records, and 404 of a customer without rows', async () => {
    const api = await apiOverNight();
    const { json } = await api.ask(`${path}?date=2026-03-12`);
    expect(json).toMatchObject({ outcome: 'missing', items: [] });
    expect((await api.ask(path.replace('1/res', '9/res'))).status).toBe(404);
  });
});
