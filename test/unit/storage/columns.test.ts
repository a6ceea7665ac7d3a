import { expect, test } from 'vitest';
import {
  type Columns,
  doubleColumn,
  int32Column,
  writeAmount,
} from '../../../src/storage/columns.ts';
import { parseAmount } from '../../../src/usage/amount.ts';

test.each([
  [100, '100.0'],
  [0, '0.0'],
  [-3, '-3.0'],
  [0.1, '0.1'],
  [1e-7, '1e-7'],
  [1e21, '1e+21'],
  [3_000_000_000, '3000000000.0'],
])('the double %d is written so that it is no integer: %s', (value, text) => {
  expect(doubleColumn(value)).toEqual({ type: 'Double', value: text });
});

test('what is no number is no double', () => {
  expect(() => doubleColumn(Number.NaN)).toThrow('expected a finite number, got NaN');
  expect(() => doubleColumn(Number.POSITIVE_INFINITY)).toThrow('got Infinity');
});

test('an amount is kept twice: to be sorted, and with every digit', () => {
  const columns: Columns = [];
  writeAmount(columns, 'totalCost', parseAmount('28.82860766744404945074'));
  expect(Object.fromEntries(columns)).toEqual({
    totalCost: { type: 'Double', value: '28.82860766744405' },
    totalCostExact: '28.82860766744404945074',
  });
});

test.each([1.5, 2 ** 31, Number.NaN])('%d is no 32-bit integer', (value) => {
  expect(() => int32Column(value)).toThrow(`expected a 32-bit integer, got ${value}`);
});
