import { describe, expect, test } from 'vitest';
import { fromUsageByDayEntity, toUsageByDayEntity } from '../../../src/storage/ledgerRowMapping.ts';
import { toUsageByCustomerEntity } from '../../../src/storage/usageSnapshotMapping.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import type { RecordedCost } from '../../../src/usage/recordedCost.ts';
import {
  customer,
  customerId,
  date,
  hugeCost,
  ledgerRow,
  recordedCost,
} from '../../contract/snapshots.ts';

const costColumns = [
  ...['dailyCost', 'dailyCostExact', 'daysCovered', 'isStale', 'anomalyDelivered'],
  'dailyCostState',
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

/** A cost that takes so many characters of JSON more than the usual one. */
function costWith(lastModifiedDate: string): RecordedCost {
  const { carried, ...cost } = recordedCost();
  const [oldest, latest] = carried?.fresh ?? [];
  if (!oldest || !latest) throw new Error('expected two totals');
  return { ...cost, carried: { fresh: [oldest, { ...latest, lastModifiedDate }] } };
}

describe('the cost of a day in its ledger row', () => {
  test('is in columns named as people build on them, each of one type', () => {
    const dailyCost = parseAmount('100');
    expect(ownColumns({ dailyCost, daysCovered: 1, isStale: false }, true)).toStrictEqual({
      dailyCost: { type: 'Double', value: '100.0' },
      dailyCostExact: '100',
      daysCovered: { type: 'Int32', value: 1 },
      isStale: false,
      anomalyDelivered: true,
    });
  });

  test('carries its state, where it has one, as JSON with every digit', () => {
    const { dailyCostState } = ownColumns(recordedCost());
    expect(JSON.parse(String(dailyCostState))).toEqual(recordedCost().carried);
    expect(dailyCostState).toContain('"totalCost":"28.82860766744404945074"');
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

  test('is left out whole where its state is more than a column holds, and the row is kept', () => {
    expect(ownColumns(hugeCost(), false)).toEqual({ anomalyDelivered: false });
  });

  test('is kept where its state just fits', () => {
    const spare = 32_000 - JSON.stringify(costWith('').carried).length;
    const { dailyCostState } = ownColumns(costWith('x'.repeat(spare)));
    expect(dailyCostState).toHaveLength(32_000);
    expect(ownColumns(costWith('x'.repeat(spare + 1)))).toEqual({});
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
    ['dailyCostState', true, 'expected a string', 'true'],
    ['dailyCostState', '{"fresh":[', 'expected a cost state in JSON', '"{\\"fresh\\":["'],
  ])('%s with %j', (column, value, expected, got) => {
    expect(() => read({ [column]: value })).toThrow(
      `${place}${expected} in column ${column}, got ${got}`,
    );
  });

  const total = {
    currency: 'EUR',
    plan: 'azurePlan',
    period: { start: '2026-03-01', end: '2026-04-01' },
    date: '2026-03-12',
    totalCost: '1.50',
    isSpending: true,
  };
  const { currency: _currency, ...noCurrency } = total;

  test.each([
    ['no object', 'null'],
    ['a list', '[]'],
    ['no totals', '{}'],
    ['a total that is none', '{"fresh":[1]}'],
    ['a total without currency', JSON.stringify({ fresh: [noCurrency] })],
    ['another plan', JSON.stringify({ fresh: [{ ...total, plan: 'other' }] })],
    ['a date that does not exist', JSON.stringify({ fresh: [{ ...total, date: '2026-02-30' }] })],
    [
      'a period that has no end',
      JSON.stringify({ fresh: [{ ...total, period: { start: '2026-03-01' } }] }),
    ],
    [
      'a period that begins at no date',
      JSON.stringify({ fresh: [{ ...total, period: { start: 'x', end: '2026-04-01' } }] }),
    ],
    ['an amount that is none', JSON.stringify({ fresh: [{ ...total, totalCost: '1,5' }] })],
    ['an amount that lost its digits', JSON.stringify({ fresh: [{ ...total, totalCost: 1.5 }] })],
    ['a truth that is a text', JSON.stringify({ fresh: [{ ...total, isSpending: 'true' }] })],
    ['a date of change that is none', '{"fresh":[{"lastModifiedDate":1}]}'],
    ['null for a day without usage', '{"fresh":[],"noUsageDate":null}'],
  ])('a state with %s', (_what, dailyCostState) => {
    expect(() => read({ dailyCostState })).toThrow(
      `${place}expected a cost state in JSON in column dailyCostState, got "`,
    );
  });

  test('but a state to which a later version added something is read', () => {
    const dailyCostState = JSON.stringify({ fresh: [{ ...total, seen: 1 }], seen: 1 });
    expect(read({ dailyCostState }).cost?.carried).toStrictEqual({ fresh: [total] });
  });
});
