import { describe, expect, test } from 'vitest';
import {
  fromUsageByDayEntity,
  toUsageByCustomerEntity,
  toUsageByDayEntity,
} from '../../../src/storage/usageRows.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { RecordedCost } from '../../../src/usage/recordedCost.ts';
import { customer, customerId, date, ledgerRow } from '../../contract/snapshots.ts';

const costColumns = [
  'dailyCost',
  'dailyCostExact',
  'daysCovered',
  'isStale',
  'anomalyDelivered',
  'forecastTotalCost',
];

/** The columns of a row that are not those of its snapshot. */
function ownColumns(cost: RecordedCost | undefined, isAnomalyDelivered?: boolean) {
  const entity = toUsageByDayEntity({
    ...customer(),
    ...(cost && { cost }),
    ...(isAnomalyDelivered !== undefined && { isAnomalyDelivered }),
  });
  const common = toUsageByDayEntity(customer());
  return Object.fromEntries(Object.entries(entity).filter(([name]) => !(name in common)));
}

describe('the cost of a day in its ledger row', () => {
  test('is in columns named as people build on them, each of one type', () => {
    const dailyCost = parseAmount('100');
    const forecastTotalCost = parseAmount('310.50');
    const cost = { dailyCost, daysCovered: 1, isStale: false, forecastTotalCost };
    expect(ownColumns(cost, true)).toStrictEqual({
      dailyCost: { type: 'Double', value: '100.0' },
      dailyCostExact: '100',
      daysCovered: { type: 'Int32', value: 1 },
      isStale: false,
      forecastTotalCost: { type: 'Double', value: '310.5' },
      forecastTotalCostExact: '310.50',
      anomalyDelivered: true,
    });
  });

  test('has what an anomaly was expected to cost beside it', () => {
    const entity = toUsageByDayEntity(ledgerRow({ expectedCost: parseAmount('20.0000') }));
    expect(entity).toMatchObject({
      expectedCost: { type: 'Double', value: '20.0' },
      expectedCostExact: '20.0000',
    });
    expect(toUsageByDayEntity(ledgerRow())).not.toHaveProperty('expectedCost');
  });

  test('has what caused an anomaly, as it was delivered', () => {
    const causes = 'vm1 +331.20 EUR';
    expect(toUsageByDayEntity(ledgerRow({ causes }))).toMatchObject({ causes });
    expect(toUsageByDayEntity(ledgerRow())).not.toHaveProperty('causes');
  });

  test('has no amount on a day without news', () => {
    expect(ownColumns({ daysCovered: 0, isStale: true })).toStrictEqual({
      daysCovered: { type: 'Int32', value: 0 },
      isStale: true,
    });
  });

  test('is not there before it was computed', () => {
    expect(ownColumns(undefined)).toEqual({});
    const { partitionKey, rowKey, ...columns } = toUsageByDayEntity(customer());
    const row = { partitionKey, rowKey, ...columns };
    expect(fromUsageByDayEntity('UsageByDay', row)).not.toHaveProperty('cost');
  });

  test('is in UsageByDay alone', () => {
    const entity = toUsageByCustomerEntity(ledgerRow());
    for (const column of costColumns) expect(entity).not.toHaveProperty(column);
  });
});

describe('a ledger row that cannot be read is an error that names place, column and value', () => {
  const entity = toUsageByDayEntity(ledgerRow());
  const place = `table Some, partition "${date}", row "${customerId}": `;
  const read = (change: Record<string, unknown>) =>
    fromUsageByDayEntity('Some', { ...entity, ...change });

  test.each([
    ['isStale', undefined, 'expected true or false', 'none'],
    ['isStale', 'false', 'expected true or false', '"false"'],
    ['daysCovered', 1.5, 'expected an integer', '1.5'],
    ['dailyCostExact', undefined, 'expected a string', 'none'],
    ['dailyCostExact', '1,5', 'expected a number literal', '"1,5"'],
    ['anomalyDelivered', 1, 'expected true or false', '1'],
  ])('%s with %j', (column, value, expected, got) => {
    expect(() => read({ [column]: value })).toThrow(
      `${place}${expected} in column ${column}, got ${got}`,
    );
  });
});
