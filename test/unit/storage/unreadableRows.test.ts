import { describe, expect, test } from 'vitest';
import type { Entity } from '../../../src/storage/columns.ts';
import { snapshotRunRow } from '../../../src/storage/snapshotRunsTableStore.ts';
import {
  fromCustomerEntity,
  fromHistoryEntity,
  fromRankingEntity,
  fromSubscriptionEntity,
  fromUsageEntity,
  toUsageByCustomerEntity,
} from '../../../src/storage/usageRows.ts';
import { customer, customerId, date, run, subscription } from '../../contract/snapshots.ts';

const double = (value: string) => ({ type: 'Double', value });

describe('a row that cannot be read is an error that names place, column and value', () => {
  const entity = toUsageByCustomerEntity(
    customer({ failure: { phase: 'summary', status: 500, code: 'c', message: 'm' } }),
  );
  const place = `table Some, partition "${customerId}", row "customer|${date}": `;
  const without = (name: string): Entity => {
    const { [name]: _removed, ...rest } = entity;
    return { partitionKey: entity.partitionKey, rowKey: entity.rowKey, ...rest };
  };

  test.each([
    ['snapshotDate', '2026-02-30', 'expected a date yyyy-MM-dd', '"2026-02-30"'],
    ['outcome', 'perhaps', 'expected one of usage, noUsage, refused, failed', '"perhaps"'],
    ['resource', 'tenant', 'expected one of partner, customer, subscription', '"tenant"'],
    ['plan', 'other', 'expected one of azurePlan, payAsYouGo', '"other"'],
    ['totalCostExact', '1,5', 'expected a number literal', '"1,5"'],
    ['budgetAmount', double('1e300'), 'expected a number literal', '"1e300"'],
    ['percentUsed', 'much', 'expected a number', '"much"'],
    ['errorStatus', double('1.5'), 'expected an integer', '"1.5"'],
    ['customerName', true, 'expected a string', 'true'],
    ['subscriptionIds', '["a', 'expected a JSON list of strings', '"[\\"a"'],
    ['subscriptionIds', '[1]', 'expected a JSON list of strings', '"[1]"'],
  ])('%s with %j', (column, value, expected, got) => {
    const row = { ...entity, [column]: value };
    expect(() => fromUsageEntity('Some', row)).toThrow(
      `${place}${expected} in column ${column}, got ${got}`,
    );
  });

  test.each([
    ...['snapshotDate', 'capturedAt', 'runId', 'outcome', 'resource', 'customerId', 'customerName'],
    ...['plan', 'totalCostExact', 'currency', 'errorCode'],
  ])('without %s', (column) => {
    expect(() => fromUsageEntity('Some', without(column))).toThrow(
      new RegExp(`^table Some, .* in column ${column}, got none$`),
    );
  });

  test.each([
    ['0001-01-01T00:00:00Z', '2026-04-01T00:00:00Z'],
    ['2026-03-01T00:00:00Z', '9999-12-31T00:00:00Z'],
    [undefined, '2026-04-01T00:00:00Z'],
  ])(
    'figures of a period from %s to %s are kept without it',
    (billingStartDate, billingEndDate) => {
      const row = { ...entity, billingStartDate, billingEndDate };
      const { figures } = fromUsageEntity('Some', row);
      expect(figures?.totalCost).toBe(customer().figures?.totalCost);
      expect(figures).not.toHaveProperty('billingStartDate');
      expect(figures).not.toHaveProperty('billingEndDate');
    },
  );

  test('usage without figures', () => {
    const { figures: _figures, ...rest } = customer();
    const row = toUsageByCustomerEntity(rest);
    for (const read of [fromUsageEntity, fromHistoryEntity, fromRankingEntity]) {
      expect(() => read('Some', row)).toThrow('in column totalCostExact, got none');
    }
  });

  test('a customer where a subscription is expected, and the other way round', () => {
    expect(() => fromSubscriptionEntity('Some', entity)).toThrow(
      `${place}expected subscription in column resource, got "customer"`,
    );
    expect(() => fromCustomerEntity('Some', toUsageByCustomerEntity(subscription(1)))).toThrow(
      'expected customer in column resource, got "subscription"',
    );
  });
});

test('a run of a status that is none is an error', () => {
  const row = { ...snapshotRunRow.toEntity(run()), status: 'done' };
  expect(() => snapshotRunRow.fromRow('SnapshotRuns', row)).toThrow(
    'expected one of running, complete, partial, failed in column status, got "done"',
  );
});
