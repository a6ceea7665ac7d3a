import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import { costlier, namesCost } from '../../../src/usage/usageRecord.ts';

const recordOf = (literal: string) => ({ totalCost: parseAmount(literal) });
const unreadable = {};

describe('a usage record', () => {
  it.each([
    ['a cost', recordOf('0.01'), true],
    ['a credit', recordOf('-3'), true],
    ['0', recordOf('0.00'), false],
    ['what cannot be read', unreadable, true],
  ])('of %s speaks of a cost: %s', (_what, record, expected) => {
    expect(namesCost(record)).toBe(expected);
  });

  it('counts of two that name the same cost where it is the first', () => {
    const [one, other] = [recordOf('2'), recordOf('-2')];
    expect(costlier(one, other)).toBe(one);
    expect(costlier(other, one)).toBe(other);
  });

  it('counts of two where it speaks of more, in either order', () => {
    const [less, more, credit] = [recordOf('2'), recordOf('10'), recordOf('-11')];
    for (const [one, other] of [
      [more, less],
      [credit, more],
      [unreadable, credit],
    ] as const) {
      expect(costlier<{ totalCost?: typeof less.totalCost }>(one, other)).toBe(one);
      expect(costlier<{ totalCost?: typeof less.totalCost }>(other, one)).toBe(one);
    }
  });
});
