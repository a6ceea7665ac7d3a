import { describe, expect, it } from 'vitest';
import { fitSpend } from '../../../src/usage/spendModel.ts';

/** Days that cost 20, but for one of them. */
const daysWith = (cost: number) =>
  Array.from({ length: 20 }, (_, day) => ({ day, cost: day === 10 ? cost : 20, isAlone: true }));

describe('an outlier', () => {
  it.each([
    [30, 0],
    [31, 11],
    [10, 0],
    [9, -11],
  ])(
    'is a day that is more than half the usual cost away from it: %d beside 20',
    (cost, expected) => {
      expect(fitSpend(daysWith(cost)).outliers[10]).toBe(expected);
    },
  );
});
