import { describe, expect, test } from 'vitest';
import { prodId, record, recordNights } from '../../support/detailedNights.ts';
import { customerId } from '../../support/recorded.ts';
import { createTestApi, type TestApi } from './testApi.ts';

const path = `customers/${customerId}/changes`;

async function apiOverNights(): Promise<TestApi> {
  const api = createTestApi();
  const loose = (cost: string) => record('', cost, { resourceUri: null, resourceGroupName: null });
  await recordNights(api.stores, [
    { date: '2026-03-11', plans: [{ records: [record('vm1', '10'), loose('0')] }] },
    { date: '2026-03-12', plans: [{ records: [record('vm1', '12'), loose('1')] }] },
    {
      date: '2026-03-13',
      plans: [{ records: [record('vm1', '44.00000000000000000001'), loose('1')], total: '46' }],
    },
  ]);
  return api;
}

describe('GET changes', () => {
  test('answers what caused the change of the latest day, with every digit', async () => {
    const api = await apiOverNights();
    const { text, json } = await api.ask(path);
    expect(text).toContain('"after":32.00000000000000000001,"change":30.00000000000000000001');
    expect(text).toContain('"unexplained":0.99999999999999999999}');
    expect(json).toEqual({
      ...{ customerId, date: '2026-03-13', against: 'day', currency: 'EUR' },
      ...{ before: 3, after: 33, change: 30 },
      items: [
        {
          azureSubscriptionId: prodId,
          azureSubscriptionName: 'Prod',
          resourceGroup: 'rg1',
          resource: 'vm1',
          type: 'Microsoft.Compute/virtualMachines',
          ...{ before: 2, after: 32, change: 30 },
        },
        {
          azureSubscriptionId: prodId,
          azureSubscriptionName: 'Prod',
          ...{ before: 1, after: 0, change: -1 },
        },
      ],
      unexplained: 1,
    });
  });

  test('answers CSV and NDJSON, with all columns and with those that an item has', async () => {
    const api = await apiOverNights();
    const { text, headers } = await api.ask(`${path}?format=csv`);
    expect(text.split('\r\n').slice(0, 3)).toEqual([
      'azureSubscriptionId,azureSubscriptionName,resourceGroup,resource,type,before,after,change',
      `${prodId},Prod,rg1,vm1,Microsoft.Compute/virtualMachines,2,32.00000000000000000001,30.00000000000000000001`,
      `${prodId},Prod,,,,1,0,-1`,
    ]);
    expect(headers['content-disposition']).toContain(`changes-${customerId}-2026-03-13.csv`);
    const lines = (await api.ask(`${path}?format=ndjson&by=type`)).text.trim().split('\n');
    expect(lines[1]).toBe('{"before":1,"after":0,"change":-1}');
  });

  test.each([
    ['by=subscription', 'by', 'expected one of azureSubscription, resourceGroup, resource, type'],
    ['against=month', 'against', 'expected one of day, week, period'],
  ])('refuses %s', async (query, name, message) => {
    const { status, json } = await createTestApi().ask(`${path}?${query}`);
    expect(status).toBe(400);
    expect(json.errors).toEqual([{ name, message: expect.stringContaining(message) }]);
  });

  test('answers nulls where costs cannot be compared, and 404 of a customer without rows', async () => {
    const api = await apiOverNights();
    const { json } = await api.ask(`${path}?date=2026-03-11`);
    expect(json).toMatchObject({ currency: 'EUR', change: null, items: [], unexplained: null });
    const other = path.replace(/1\/changes$/, '9/changes');
    expect((await api.ask(other)).status).toBe(404);
  });
});
