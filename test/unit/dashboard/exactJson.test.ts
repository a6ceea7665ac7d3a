import { describe, expect, it } from 'vitest';
import { canParseExactly, parseExactly } from '../../../src/dashboard/exactJson.ts';

describe('amounts of an answer', () => {
  it('keep every digit that was sent, and what it is written with', () => {
    const text = '{"items":[{"totalCost":28.82860766744404945074,"dailyCost":-0.10,"after":1e2}]}';
    expect(parseExactly(text)).toEqual({
      items: [{ totalCost: '28.82860766744404945074', dailyCost: '-0.10', after: '1e2' }],
    });
  });

  it('that are unknown stay null, and counts numbers', () => {
    const text = '{"totalCost":null,"customers":3,"percent":12.5,"before":"x"}';
    expect(parseExactly(text)).toEqual({
      totalCost: null,
      customers: 3,
      percent: 12.5,
      before: 'x',
    });
  });

  it('are known to be exact here', () => {
    expect(canParseExactly).toBe(true);
  });
});
