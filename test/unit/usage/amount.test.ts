import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMismatch, isZero, parseAmount, percentOf, toNumber } from '../../../src/usage/amount.ts';
import { parseExactJson } from '../../../src/usage/exactJson.ts';

const amount = (literal: string) => parseAmount(literal);

describe('an amount', () => {
  it.each(['0', '-0', '100', '0.0', '28.82860766744404945074', '1e-7', '2.5E+3', '-3.20'])(
    'keeps the literal %s',
    (literal) => {
      expect(parseAmount(literal)).toBe(literal);
    },
  );

  it.each(['', ' 1', '1,5', '+1', '01', '.5', '1.', '0x10', 'NaN', 'Infinity', '1e400', '1e22'])(
    'is not made of %j',
    (text) => {
      expect(() => parseAmount(text)).toThrow(RangeError);
    },
  );

  it('has up to 200 characters, and is quoted with the first 40 of them where it is none', () => {
    expect(parseAmount(`0.${'1'.repeat(198)}`)).toHaveLength(200);
    for (const text of [`0.${'1'.repeat(199)}`, '1'.repeat(150), 'x'.repeat(150)]) {
      expect(() => parseAmount(text)).toThrow(/^expected .{1,100}$/);
    }
  });

  it('may be as much as 10^21', () => {
    expect(parseAmount('-1e21')).toBe('-1e21');
  });

  it('is the nearest double for those who sort', () => {
    expect(toNumber(amount('28.82860766744404945074'))).toBe(28.82860766744405);
  });

  it('is zero however zero is written', () => {
    expect(['0', '0.000', '-0', '0e5'].map((text) => isZero(amount(text)))).toEqual(
      Array(4).fill(true),
    );
    expect(isZero(amount('0.00000000000000000001'))).toBe(false);
  });

  it('is a percentage of a budget, unrounded and beyond 100', () => {
    expect(percentOf(amount('120.5683'), amount('20'))?.toString()).toBe('602.8415');
    expect(percentOf(amount('27.23292827625710931604'), amount('97'))?.toFixed(2)).toBe('28.08');
  });

  it('is no percentage of a budget of 0, or of none', () => {
    expect(percentOf(amount('1'), amount('0'))).toBeUndefined();
    expect(percentOf(amount('1'), undefined)).toBeUndefined();
  });

  it.each([
    ['10', '11', false],
    ['10', '11.2', true],
    ['0', '1', false],
    ['0', '1.01', true],
    ['1000', '900', false],
    ['1000', '899.99', true],
    ['-5', '5', true],
  ])('of %s and one of %s differ by more than max(1, a tenth): %s', (one, other, expected) => {
    expect(isMismatch(amount(one), amount(other))).toBe(expected);
    expect(isMismatch(amount(other), amount(one))).toBe(expected);
  });
});

describe('exact JSON', () => {
  it('is written back with every number as it stood', () => {
    const text = '{"a":1.00000000000000000001,"b":[100,1e-7,-0,0.10],"c":"1.0","d":null,"e":true}';
    expect(JSON.stringify(parseExactJson(text))).toBe(text);
  });

  it('passes over one byte order mark', () => {
    expect(JSON.stringify(parseExactJson('\uFEFF[1.50]'))).toBe('[1.50]');
    expect(() => parseExactJson('\uFEFF\uFEFF[1]')).toThrow(SyntaxError);
  });

  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseExactJson(text))).toBe(text);
      }),
    );
  });
});
