import { describe, expect, it } from 'vitest';
import { findLevel } from '../../../src/usage/level.ts';

describe('the level of a cost', () => {
  it('of one day is its cost, without deviation', () => {
    expect(findLevel([5])).toMatchObject({ value: 5, slope: 0, deviation: 0, days: 1 });
  });

  it('after a step has the day half-way as its first one', () => {
    expect(findLevel([0, 0, 0, 5, 10, 10, 10])).toMatchObject({ value: 8.75, days: 4 });
  });
});
