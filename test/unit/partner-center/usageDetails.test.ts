import { gunzipSync } from 'node:zlib';
import Big from 'big.js';
import { describe, expect, it } from 'vitest';
import type { UsageDetails } from '../../../src/usage/usageDetails.ts';
import { type Answer, clientFor, customerId, pathsOf, sample } from './clientHarness.ts';

const planId = 'f9a3b5c2-0000-4000-8000-0000000000aa';
const base = `/v1/customers/${customerId}/subscriptions/${planId}`;

/** Reads the details of a plan from answers by the route's last part. */
async function read(
  answers: Record<string, Answer | Answer[]>,
  plan: 'azurePlan' | 'payAsYouGo' = 'azurePlan',
) {
  const left = new Map(Object.entries(answers).map(([name, of]) => [name, [of].flat()]));
  const { client, server, clock } = await clientFor(({ url = '' }) => {
    const route = url.slice(base.length + 1).replace(/\?.*/, '');
    const next = left.get(route);
    return (next && (next.length > 1 ? next.shift() : next[0])) ?? { status: 404, body: {} };
  });
  const total = { plan, ...(plan === 'azurePlan' && { currencyCode: 'GBP' }) };
  const result = await clock.run(
    client.getUsageDetails(customerId, planId, total).then(
      (details) => details,
      (error: unknown) => error as Error,
    ),
  );
  return { result, paths: pathsOf(server).map((path) => path.slice(base.length + 1)) };
}

function linesOf(details: unknown): string[] {
  const { ndjsonGzip } = details as UsageDetails;
  return gunzipSync(ndjsonGzip).toString().split('\n').slice(0, -1);
}

function record(fields: Record<string, unknown> = {}) {
  return {
    resourceUri: '/subscriptions/a/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/s',
    entitlementId: '6C80E2F5-0000-4000-8000-000000000001',
    entitlementName: 'Prod',
    totalCost: 1.25,
    usdTotalCost: 1.5,
    currencyCode: 'GBP',
    lastModifiedDate: '2026-10-08T03:08:44.2566667+00:00',
    ...fields,
  };
}
const list = (...items: unknown[]): Answer => ({ body: { totalCount: items.length, items } });

describe('the records of an Azure plan', () => {
  it('of the documentation add up to the total of its summary, digit for digit', async () => {
    const { result, paths } = await read({
      resourceusagerecords: { body: sample('resourceusagerecords-a') },
    });
    expect(paths).toEqual(['resourceusagerecords']);
    const totals = [...(result as UsageDetails).totals.values()];
    const sum = totals.reduce((whole, { totalCost }) => whole.plus(totalCost), new Big(0));
    expect(sum.toFixed()).toBe('82.3616054989566696032');
    expect(totals.map(({ usdTotalCost }) => usdTotalCost)).toEqual(['2.48', '98.17']);
    expect(totals.map(({ name }) => name)).toEqual([
      'Partner Subscription',
      'Partner Subscription',
    ]);
  });

  it('are kept one a line, as received', async () => {
    const first = '{"entitlementId": "a",\n  "totalCost":  1.50, "name":"two  spaces, \\n, }]"}';
    const { result } = await read({
      resourceusagerecords: { body: `{"items":[${first},{"totalCost":2E0}]}` },
    });
    expect(linesOf(result)).toEqual([
      '{"entitlementId": "a", "totalCost":  1.50, "name":"two  spaces, \\n, }]"}',
      '{"totalCost":2E0}',
    ]);
  });

  it('are added up by Azure subscription, in either case, and those of none by themselves', async () => {
    const id = '6c80e2f5-0000-4000-8000-000000000001';
    const { result } = await read({
      resourceusagerecords: list(
        record(),
        record({ entitlementId: id, totalCost: -0.25, usdTotalCost: -0.30000000000000004 }),
        record({ entitlementId: null, entitlementName: null, resourceUri: '', totalCost: 3 }),
        record({ entitlementId: '', totalCost: 4 }),
      ),
    });
    expect([...(result as UsageDetails).totals]).toEqual([
      [id, { name: 'Prod', totalCost: '1', usdTotalCost: '1.2' }],
      ['unassigned', { name: 'Prod', totalCost: '7', usdTotalCost: '3' }],
    ]);
    expect(result).toMatchObject({
      records: 4,
      lastModifiedDate: '2026-10-08T03:08:44.2566667+00:00',
      unreadable: [],
    });
  });

  it('that cannot be read, or are in another currency, are kept and told, and not added', async () => {
    const { result } = await read({
      resourceusagerecords: list(
        record(),
        record({ totalCost: 'a lot' }),
        record({ currencyCode: 'EUR' }),
        'no record',
      ),
    });
    const details = result as UsageDetails;
    expect([...details.totals.values()].map(({ totalCost }) => totalCost)).toEqual(['1.25']);
    expect(details.unreadable.map(({ field }) => field)).toEqual([
      'totalCost',
      'currencyCode',
      'record',
    ]);
    expect(linesOf(details)).toHaveLength(4);
  });

  it('are read from all pages', async () => {
    const { result, paths } = await read({
      resourceusagerecords: [
        { body: { items: [record()], continuationToken: 'T' } },
        list(record({ totalCost: 2 }), record({ entitlementId: null })),
      ],
    });
    expect(paths).toEqual(['resourceusagerecords', 'resourceusagerecords?seekOperation=Next']);
    expect([...(result as UsageDetails).totals.values()].map((each) => each.totalCost)).toEqual([
      '3.25',
      '1.25',
    ]);
    expect(linesOf(result)).toHaveLength(3);
  });

  it('count once where an answer broke off and was read again', async () => {
    const { result } = await read({
      resourceusagerecords: [
        { body: `{"items":[${JSON.stringify(record())},` },
        list(record({ totalCost: 2 })),
      ],
    });
    expect([...(result as UsageDetails).totals.values()].map((each) => each.totalCost)).toEqual([
      '2',
    ]);
    expect(linesOf(result)).toHaveLength(1);
  });

  it.each([400, 404])('are not available where the answer is %s', async (status) => {
    const { result, paths } = await read({
      resourceusagerecords: { status, body: { code: 2000, description: 'wrong kind' } },
    });
    expect(result).toBeUndefined();
    expect(paths).toEqual(['resourceusagerecords']);
  });

  it('that are forbidden are an error', async () => {
    const { result } = await read({ resourceusagerecords: { status: 403, body: {} } });
    expect(result).toMatchObject({ name: 'RefusedError', facts: { status: 403 } });
  });

  it('whose list breaks off are an error', async () => {
    const { result } = await read({
      resourceusagerecords: [
        { body: { items: [record()], continuationToken: 'T' } },
        { status: 400, body: sample('error-code2000') },
      ],
    });
    expect(result).toMatchObject({ code: 'LIST_BROKEN_OFF' });
  });
});

describe('the records of a legacy subscription', () => {
  it('are those by meter, in either shape', async () => {
    for (const name of ['meterusagerecords-145P', 'usagerecords-resources-145P']) {
      const { result, paths } = await read(
        { meterusagerecords: { body: sample(name) } },
        'payAsYouGo',
      );
      expect(paths).toEqual(['meterusagerecords']);
      expect([...(result as UsageDetails).totals.keys()]).toEqual(['meters']);
    }
  });

  it('come from the former route where the new one has none', async () => {
    const { result, paths } = await read(
      { 'usagerecords/resources': { body: sample('usagerecords-resources-145P') } },
      'payAsYouGo',
    );
    expect(paths).toEqual(['meterusagerecords', 'usagerecords/resources']);
    expect(result).toMatchObject({ records: 2 });
  });

  it('are not available where neither route has any', async () => {
    const { result } = await read({}, 'payAsYouGo');
    expect(result).toBeUndefined();
  });
});
