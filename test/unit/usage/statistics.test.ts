import { describe, expect, it } from 'vitest';
import { median } from '../../../src/usage/statistics.ts';

describe('a median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[], 0],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('may be of any number of values, and of a part of them', () => {
    const values = Array.from({ length: 501 }, (_, index) => (index * 7) % 501);
    expect(median(values)).toBe(250);
    expect(
      median(
        Array.from({ length: 501 }, (_, index) => index),
        100,
        301,
      ),
    ).toBe(200);
  });
});
