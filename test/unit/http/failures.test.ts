import { beforeEach, describe, expect, test } from 'vitest';
import type { LedgerRow } from '../../../src/usage/ledgerRow.ts';
import {
  customer,
  customerId,
  date,
  figures,
  run,
  subscriptionId,
} from '../../contract/snapshots.ts';
import { createTestApi, type TestApi } from './testApi.ts';

const failure = {
  phase: 'subscriptionSummary' as const,
  status: 503,
  code: 'HTTP_503',
  message: '=cmd() of "Contoso"',
  correlationId: 'c-1',
  requestId: 'r-1',
};

function row(number: number, change: Partial<LedgerRow>): LedgerRow {
  const { figures: _, ...rest } = customer({ customerId: subscriptionId(number) });
  return { ...rest, ...change };
}

let api: TestApi;
beforeEach(async () => {
  api = createTestApi();
  await api.stores.snapshotRuns.upsert(run({ status: 'complete' }));
  await api.stores.usageByDay.upsertDay([
    customer(),
    row(1, { outcome: 'failed', failure }),
    // The customer was read, one of its subscriptions was not.
    row(2, { outcome: 'failed', failure, figures: figures('900') }),
    row(3, { outcome: 'refused', failure: { ...failure, code: '3002', status: 403 } }),
    row(4, { outcome: 'failed' }),
    row(5, { snapshotDate: '2026-03-12', outcome: 'failed', failure }),
  ]);
});

const idsOf = async (query: string) =>
  (await api.ask(`runs/failures?${query}`)).json.items.map(
    (item: { customerId: string }) => item.customerId,
  );

describe('GET runs/failures', () => {
  test('names the customers that failed, the dearest first, with all that is known of why', async () => {
    const { json, status } = await api.ask('runs/failures');
    expect(status).toBe(200);
    expect(json).toMatchObject({ date, continuation: null });
    const [first, second, third] = json.items;
    expect(first).toEqual({
      customerId: subscriptionId(2),
      customerName: 'Contoso',
      outcome: 'failed',
      ...failure,
      capturedAt: customer().capturedAt,
    });
    expect(second.customerId).toBe(subscriptionId(1));
    expect(third).toMatchObject({
      customerId: subscriptionId(4),
      phase: null,
      correlationId: null,
    });
    expect(JSON.stringify(json)).not.toContain(customerId);
  });

  test('names those that were refused, and those of another day', async () => {
    expect(await idsOf('outcome=refused')).toEqual([subscriptionId(3)]);
    expect(await idsOf('date=2026-03-12')).toEqual([subscriptionId(5)]);
    const { status, json } = await api.ask('runs/failures?outcome=usage');
    expect([status, json.errors[0].name]).toEqual([400, 'outcome']);
  });

  test('comes in pages, which are no pages of another list', async () => {
    const { json } = await api.ask('runs/failures?top=1');
    expect(json.items).toHaveLength(1);
    const next = `top=1&continuation=${json.continuation}`;
    expect(await idsOf(next)).toEqual([subscriptionId(1)]);
    expect((await api.ask(`runs/failures?outcome=refused&${next}`)).status).toBe(400);
    expect((await api.ask(`customers?outcome=failed&${next}`)).status).toBe(400);
  });

  test('has CSV that no spreadsheet takes for a formula', async () => {
    const { text, headers } = await api.ask('runs/failures?format=csv');
    expect(headers['content-disposition']).toContain(`"failures-${date}.csv"`);
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toBe(
      'customerId,customerName,outcome,phase,status,code,message,correlationId,requestId,capturedAt',
    );
    expect(lines[1]).toContain(`,503,HTTP_503,"'=cmd() of ""Contoso""",c-1,r-1,`);
  });
});
