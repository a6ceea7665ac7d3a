import { describe, expect, test } from 'vitest';
import { budgetAlertRow } from '../../../src/storage/budgetAlertTableStore.ts';
import { parseAmount } from '../../../src/usage/amount.ts';
import { alert, alertWithoutForecast, customerId } from '../../support/alerts.ts';

const double = (value: string) => ({ type: 'Double', value });

test('columns are named as people build on them', () => {
  expect(budgetAlertRow.toEntity(alert())).toStrictEqual({
    partitionKey: '2026-03-01',
    rowKey: `${customerId}|actual|75|500`,
    alertId: `2026-03-01|${customerId}|actual|75|500`,
    customerId,
    customerName: 'Contoso',
    kind: 'actual',
    threshold: double('75.0'),
    percentUsed: double('75.36572153348881'),
    percentUsedExact: '75.365721533488809890148',
    totalCost: double('376.82860766744403'),
    totalCostExact: '376.82860766744404945074',
    forecastTotalCost: double('812.5'),
    forecastTotalCostExact: '812.50',
    budgetAmount: double('500.0'),
    currency: 'EUR',
    billingPeriodStart: '2026-03-01',
    billingPeriodEnd: '2026-04-01',
    snapshotDate: '2026-03-14',
    raisedAt: '2026-03-14T02:40:00.000Z',
    status: 'raised',
    delivered: false,
  });
});

test('without a forecast there is no column of it', () => {
  const entity = budgetAlertRow.toEntity(alertWithoutForecast());
  expect(Object.keys(entity).filter((name) => name.startsWith('forecast'))).toEqual([]);
});

test('a figure keeps its literal where its double prints another one, and no other', () => {
  const change = { budgetAmount: parseAmount('1000.00'), percentUsed: parseAmount('75.5') };
  const entity = budgetAlertRow.toEntity(alert(change));
  expect(entity).toMatchObject({
    rowKey: `${customerId}|actual|75|1000`,
    budgetAmount: double('1000.0'),
    budgetAmountExact: '1000.00',
    percentUsed: double('75.5'),
  });
  expect(entity).not.toHaveProperty('percentUsedExact');
  expect(budgetAlertRow.fromRow('BudgetAlerts', entity)).toMatchObject(change);
});

describe('a key', () => {
  const rowKeyOf = (...change: Parameters<typeof alert>) =>
    budgetAlertRow.toEntity(alert(...change)).rowKey;

  test('has the threshold and the budget as they are written without exponent', () => {
    const budgetAmount = parseAmount('1.5E+3');
    expect(rowKeyOf({ kind: 'forecast', threshold: 87.5, budgetAmount })).toBe(
      `${customerId}|forecast|87.5|1500`,
    );
    expect(rowKeyOf({ threshold: 0.000001 })).toBe(`${customerId}|actual|0.000001|500`);
  });

  test('is another for another budget, and the same for one that is written in another way', () => {
    const keys = ['500', '500.0', '5e2', '500.01'].map((literal) =>
      rowKeyOf({ budgetAmount: parseAmount(literal) }),
    );
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
  });

  test('has the id in lower case, as keys of all tables have', () => {
    expect(rowKeyOf({ customerId: customerId.toUpperCase() })).toBe(rowKeyOf());
  });

  test('that Table Storage could not hold is refused', () => {
    expect(() => rowKeyOf({ customerId: 'a/b' })).toThrow('expected customerId without / \\ # ? |');
    expect(() => rowKeyOf({ budgetAmount: parseAmount('1e-1100') })).toThrow(
      'expected a key of at most 1024 characters',
    );
    expect(() => budgetAlertRow.toEntity(alert({ billingPeriodStart: '01.03.2026' }))).toThrow(
      'expected a date yyyy-MM-dd, got "01.03.2026"',
    );
  });
});

test.each(['billingPeriodEnd', 'snapshotDate'])('%s that is no date is not written', (name) => {
  expect(() => budgetAlertRow.toEntity(alert({ [name]: '2026-02-30' }))).toThrow(
    'expected a date yyyy-MM-dd, got "2026-02-30"',
  );
});

describe('a row that cannot be read is an error that names place, column and value', () => {
  const entity = budgetAlertRow.toEntity(alert());
  const place = `table Some, partition "2026-03-01", row "${customerId}|actual|75|500": `;

  test.each([
    ['kind', 'expected', 'expected one of actual, forecast', '"expected"'],
    ['status', 'open', 'expected one of raised, covered, baseline', '"open"'],
    ['delivered', 'no', 'expected true or false', '"no"'],
    ['threshold', 'half', 'expected a number', '"half"'],
    ['totalCostExact', '1,5', 'expected a number literal', '"1,5"'],
    ['percentUsedExact', '75 %', 'expected a number literal', '"75 %"'],
    ['budgetAmount', double('1e300'), 'expected a number literal', '"1e300"'],
    ['snapshotDate', '2026-02-30', 'expected a date yyyy-MM-dd', '"2026-02-30"'],
    ['billingPeriodEnd', '', 'expected a date yyyy-MM-dd', '""'],
    ['customerName', true, 'expected a string', 'true'],
  ])('%s with %j', (column, value, expected, got) => {
    expect(() => budgetAlertRow.fromRow('Some', { ...entity, [column]: value })).toThrow(
      `${place}${expected} in column ${column}, got ${got}`,
    );
  });

  test.each([
    ...['alertId', 'customerId', 'customerName', 'kind', 'threshold', 'status', 'delivered'],
    ...['raisedAt', 'totalCostExact', 'forecastTotalCostExact', 'budgetAmount', 'currency'],
    ...['billingPeriodStart', 'billingPeriodEnd', 'snapshotDate'],
  ])('without %s', (column) => {
    const { [column]: _removed, ...rest } = entity;
    const row = { partitionKey: entity.partitionKey, rowKey: entity.rowKey, ...rest };
    expect(() => budgetAlertRow.fromRow('Some', row)).toThrow(
      expect.objectContaining({
        code: 'UNREADABLE_ROW',
        message: expect.stringMatching(
          new RegExp(`^table Some, .* in column ${column}, got none$`),
        ),
      }),
    );
  });
});
