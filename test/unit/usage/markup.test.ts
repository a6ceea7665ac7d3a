import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../../src/usage/amount.ts';
import { addMarkup } from '../../../src/usage/markup.ts';

describe('a markup', () => {
  it.each([
    ['28.82860766744404945074', '7.5', '30.9907532425023531595455'],
    ['100', '0', '100'],
    ['-1.5', '100', '-3'],
    ['0.1', '0.0000000001', '0.1000000000001'],
    ['1e-7', '10', '0.00000011'],
  ])('on %s of %s %% is exactly %s', (cost, percent, expected) => {
    expect(addMarkup(parseAmount(cost), percent)).toBe(expected);
  });
});
