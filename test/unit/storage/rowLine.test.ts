import { expect, it } from 'vitest';
import { fromLine } from '../../../src/storage/rowLine.ts';

const lineOf = (columns: number) => {
  const named = Array.from({ length: columns }, (_, index) => [`c${index}`, 'x']);
  const keys = { table: 'UsageByDay', PartitionKey: 'p', RowKey: 'r' };
  return JSON.stringify({ ...keys, ...Object.fromEntries(named) });
};

it('takes a row of as many columns as Table Storage does beside the keys, and none of more', () => {
  expect(fromLine(lineOf(252)).row.columns.size).toBe(252);
  expect(() => fromLine(lineOf(253))).toThrow('expected at most 252 columns, got 253');
});
