import { describe, expect, it } from 'vitest';
import { parseResourceUri, readResourceRecord } from '../../../src/usage/resourceRecord.ts';

const plan = { plan: 'azurePlan', currencyCode: 'EUR' } as const;
const uri = (rest: string) => `/subscriptions/CCCC/resourceGroups/RG1/providers/${rest}`;

describe('the URI of a resource', () => {
  it.each([
    ['Microsoft.Compute/virtualMachines/VM1', 'Microsoft.Compute/virtualMachines', 'VM1'],
    ['Microsoft.Sql/servers/s1/databases/d1', 'Microsoft.Sql/servers/databases', 's1/d1'],
    [
      'Microsoft.Compute/virtualMachines/vm1/providers/Microsoft.Insights/diagnostics/x',
      'Microsoft.Insights/diagnostics',
      'x',
    ],
  ])('names type and name of %s', (rest, type, name) => {
    expect(parseResourceUri(uri(rest))).toEqual({
      id: uri(rest).slice(1).toLowerCase(),
      resourceGroup: 'RG1',
      type,
      name,
    });
  });

  it('needs no resource group', () => {
    const found = parseResourceUri('/subscriptions/cccc/providers/Microsoft.Support/plans/p1');
    expect(found).toMatchObject({ type: 'Microsoft.Support/plans', name: 'p1' });
    expect(found).not.toHaveProperty('resourceGroup');
  });

  it.each([
    '',
    '/',
    '/subscriptions/cccc',
    '/subscriptions/cccc/resourceGroups/rg1',
    uri(''),
    uri('Microsoft.Compute'),
    uri('Microsoft.Compute/virtualMachines'),
    uri('Microsoft.Sql/servers/s1/databases'),
  ])('names none where it is %j', (short) => {
    expect(parseResourceUri(short)).toBeUndefined();
  });
});

describe('a record', () => {
  it('has its exact cost and its place, whatever the case of its fields', () => {
    const line = `{"ResourceUri":"${uri('Microsoft.Compute/disks/D1')}","EntitlementId":"CCCC","resourceGroupName":"other","totalCost":80.33222863221635630001,"currencyCode":"eur"}`;
    expect(readResourceRecord(line, plan)).toEqual({
      azureSubscriptionId: 'cccc',
      resourceGroup: 'RG1',
      resourceId: uri('Microsoft.Compute/disks/D1').slice(1).toLowerCase(),
      resource: 'D1',
      type: 'Microsoft.Compute/disks',
      totalCost: '80.33222863221635630001',
    });
  });

  it('that is tied to no resource belongs to its Azure subscription, and to its group', () => {
    const line = '{"resourceUri":"","entitlementId":"cccc","name":"","totalCost":8.5}';
    expect(readResourceRecord(line, plan)).toEqual({
      azureSubscriptionId: 'cccc',
      totalCost: '8.5',
    });
    const ofGroup =
      '{"resourceUri":null,"entitlementId":"cccc","resourceGroupName":" rg ","totalCost":8.5}';
    expect(readResourceRecord(ofGroup, plan)).toMatchObject({ resourceGroup: 'rg' });
  });

  it('without an Azure subscription is unassigned', () => {
    expect(readResourceRecord('{"totalCost":-1}', plan)).toEqual({
      azureSubscriptionId: 'unassigned',
      totalCost: '-1',
    });
  });

  it.each([
    '{"meterId":"P-1-Data (GB)","meterName":"Data","category":"Bandwidth","subcategory":"Out","totalCost":1}',
    '{"id":"P-1-Data (GB)","name":"Data","category":"Bandwidth","subcategory":"Out","totalCost":1}',
  ])('of a legacy subscription is of a meter: %s', (line) => {
    expect(readResourceRecord(line, { plan: 'payAsYouGo' })).toEqual({
      azureSubscriptionId: 'meters',
      resourceId: 'p-1-data (gb)',
      resource: 'Data',
      type: 'Bandwidth/Out',
      totalCost: '1',
    });
  });

  it.each([
    ['is no JSON', '{"totalCost":1'],
    ['is no object', '"totalCost"'],
    ['has no cost', '{"entitlementId":"cccc"}'],
    ['has a cost that is no number', '{"totalCost":"much"}'],
    ['has an endless cost', '{"totalCost":1e999}'],
    ['is in another currency', '{"totalCost":1,"currencyCode":"USD"}'],
  ])('counts for nothing where it %s', (_why, line) => {
    expect(readResourceRecord(line, plan)).toBeUndefined();
  });
});
