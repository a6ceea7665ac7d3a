import { describe, expect, test } from 'vitest';
import { snapshotRunRow } from '../../../src/storage/snapshotRunsTableStore.ts';
import { currencyTotalRow } from '../../../src/storage/usageByCustomerTableStore.ts';
import {
  fromUsageEntity,
  toUsageByCustomerEntity,
  toUsageByDayEntity,
} from '../../../src/storage/usageRows.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import {
  customer,
  customerId,
  date,
  figures,
  partner,
  run,
  subscription,
  subscriptionId,
} from '../../contract/snapshots.ts';

const double = (value: string) => ({ type: 'Double', value });
const int32 = (value: number) => ({ type: 'Int32', value });

const figureColumns = {
  plan: 'azurePlan',
  totalCost: double('28.82860766744405'),
  totalCostExact: '28.82860766744404945074',
  usdTotalCost: double('31.5'),
  usdTotalCostExact: '31.5',
  currency: 'EUR',
  currencyCode: 'EUR',
  currencyLocale: 'de-DE',
  budgetAmount: double('500.0'),
  percentUsed: double('5.77'),
  billingStartDate: '2026-03-01T00:00:00+00:00',
  billingEndDate: '2026-04-01T00:00:00+00:00',
  lastModifiedDate: '2026-03-13T19:03:41.7272436+00:00',
};
const customerColumns = {
  resource: 'customer',
  snapshotDate: date,
  capturedAt: '2026-03-14T02:30:07.123Z',
  runId: '20260314T023000Z-1',
  outcome: 'usage',
  customerId,
  customerName: 'Contoso',
  ...figureColumns,
};

describe('columns are named as people build on them', () => {
  test('a customer in UsageByCustomer', () => {
    expect(toUsageByCustomerEntity(customer())).toStrictEqual({
      partitionKey: customerId,
      rowKey: `customer|${date}`,
      ...customerColumns,
      subscriptionIds: JSON.stringify([subscriptionId(1), subscriptionId(2)]),
      raw: '{"totalCost":28.82860766744404945074}',
    });
  });

  test('a customer in UsageByDay, without what was received', () => {
    expect(toUsageByDayEntity(customer())).toStrictEqual({
      partitionKey: date,
      rowKey: customerId,
      ...customerColumns,
    });
  });

  test('the domain of a customer, in both', () => {
    const row = customer({ customerDomain: 'contoso.example' });
    for (const entity of [toUsageByCustomerEntity(row), toUsageByDayEntity(row)]) {
      expect(entity).toHaveProperty('customerDomain', 'contoso.example');
    }
  });

  test('a subscription', () => {
    expect(toUsageByCustomerEntity(subscription(1))).toStrictEqual({
      partitionKey: customerId,
      rowKey: `subscription|${subscriptionId(1)}|${date}`,
      ...customerColumns,
      resource: 'subscription',
      capturedAt: '2026-03-14T02:30:08.456Z',
      subscriptionId: subscriptionId(1),
      subscriptionName: 'Azure plan',
      subscriptionStatus: 'active',
      partnerOnRecord: '4711',
      offerId: 'DZH318Z0BPS6:0001:DZH318Z0BMXZ',
      raw: '{"totalCost":28.82860766744404945074}',
      rawUsageRecord: '{"resourceName":"Azure plan"}',
    });
  });

  test('the partner', () => {
    expect(toUsageByCustomerEntity(partner())).toMatchObject({
      partitionKey: 'partner',
      rowKey: `partner|${date}`,
      resource: 'partner',
      totalCost: double('1e-7'),
      totalCostExact: '1e-7',
    });
  });

  test('a failure', () => {
    const failure = {
      phase: 'subscriptionSummary' as const,
      status: 500,
      code: '2000',
      message: 'x'.repeat(5_000),
      correlationId: 'c',
      requestId: 'r',
    };
    const entity = toUsageByCustomerEntity(subscription(1, { outcome: 'failed', failure }));
    expect(entity).toMatchObject({
      outcome: 'failed',
      errorPhase: 'subscriptionSummary',
      errorStatus: int32(500),
      errorCode: '2000',
      errorMessage: 'x'.repeat(4_000),
      correlationId: 'c',
      requestId: 'r',
    });
  });

  test('a run', () => {
    const ended = run({ finishedAt: 'later', durationMs: 5, customersRemaining: 1, error: 'e' });
    const { partitionKey, rowKey, ...columns } = snapshotRunRow.toEntity(ended);
    expect([partitionKey, rowKey]).toEqual([date, ended.runId]);
    const typed = Object.entries(ended).map(([name, value]) => [
      name,
      typeof value === 'number' ? int32(value) : value,
    ]);
    expect(columns).toStrictEqual(Object.fromEntries(typed));
    expect(snapshotRunRow.fromRow('SnapshotRuns', { partitionKey, rowKey, ...columns })).toEqual(
      ended,
    );
  });

  test('a total', () => {
    const total = {
      snapshotDate: date,
      capturedAt: 'now',
      runId: 'run',
      currency: 'EUR',
      totalCost: parseAmount('100'),
      dailyCost: parseAmount('1.50'),
      customers: 10,
      customersMissing: 2,
    };
    const entity = currencyTotalRow.toEntity(total);
    expect(entity).toStrictEqual({
      ...total,
      partitionKey: 'partner',
      rowKey: `total|EUR|${date}`,
      totalCost: double('100.0'),
      totalCostExact: '100',
      dailyCost: double('1.5'),
      dailyCostExact: '1.50',
      customers: int32(10),
      customersMissing: int32(2),
    });
    expect(currencyTotalRow.fromRow('UsageByCustomer', entity)).toEqual(total);
    const { dailyCost: _cost, ...older } = total;
    const olderEntity = currencyTotalRow.toEntity(older);
    expect(Object.keys(olderEntity).filter((name) => name.startsWith('daily'))).toEqual([]);
    expect(currencyTotalRow.fromRow('UsageByCustomer', olderEntity)).toStrictEqual(older);
  });
});

describe('what is too long for a column', () => {
  test('a body keeps a prefix of whole characters, and the row says so', () => {
    const raw = `${'x'.repeat(31_999)}😀`;
    const entity = toUsageByCustomerEntity(customer({ raw }));
    expect(entity['raw']).toBe('x'.repeat(31_999));
    expect(entity['rawTruncated']).toBe(true);
  });

  test('a subscription’s line in the usage records does too', () => {
    const rawUsageRecord = 'x'.repeat(32_001);
    const entity = toUsageByCustomerEntity(subscription(1, { rawUsageRecord }));
    expect(entity['rawUsageRecord']).toBe('x'.repeat(32_000));
    expect(entity['rawTruncated']).toBe(true);
  });

  test('a body that just fits is whole', () => {
    const entity = toUsageByCustomerEntity(customer({ raw: 'x'.repeat(32_000) }));
    expect(entity['raw']).toHaveLength(32_000);
    expect(entity).not.toHaveProperty('rawTruncated');
  });

  test('a name is cut at 1,000 characters', () => {
    const entity = toUsageByDayEntity(customer({ customerName: 'x'.repeat(1_001) }));
    expect(entity['customerName']).toHaveLength(1_000);
  });

  test('a list of subscriptions goes on in further columns, none beyond 32,000 units', () => {
    const ids = Array.from({ length: 1_700 }, (_, index) => subscriptionId(index));
    const entity = toUsageByCustomerEntity(customer({ subscriptionIds: ids }));
    const columns = ['subscriptionIds', 'subscriptionIds2', 'subscriptionIds3'];
    const lists = columns.map((column) => String(entity[column]));
    expect(Math.max(...lists.map((list) => list.length))).toBeLessThanOrEqual(32_000);
    expect(lists.flatMap((list) => JSON.parse(list))).toEqual(ids);
  });

  test('a list that no row can hold is an error, not a row without it', () => {
    const ids = Array.from({ length: 9_000 }, (_, index) => subscriptionId(index));
    expect(() => toUsageByCustomerEntity(customer({ subscriptionIds: ids }))).toThrow(
      'expected at most 10 columns of ids, got 11',
    );
  });
});

test('a budget keeps its literal where its double prints another one', () => {
  const withBudget = (literal: string) =>
    customer({ figures: { ...figures(), budgetAmount: parseAmount(literal) } });
  expect(toUsageByDayEntity(withBudget('1000'))).not.toHaveProperty('budgetAmountExact');
  const entity = toUsageByCustomerEntity(withBudget('1000.00'));
  expect(entity).toMatchObject({
    budgetAmount: double('1000.0'),
    budgetAmountExact: '1000.00',
  });
  expect(fromUsageEntity('UsageByCustomer', entity).figures?.budgetAmount).toBe('1000.00');
});
