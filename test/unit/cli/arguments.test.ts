import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  parseCurrency,
  parseCustomer,
  parseDate,
  parseId,
  parseSearch,
  parseWholeNumber,
} from '../../../src/cli/arguments.ts';

describe('an id', () => {
  it('is a GUID in any case, and read in lower case', () => {
    expect(parseId('44908A11-641B-4c53-b7fc-0f2bfca8a581')).toBe(
      '44908a11-641b-4c53-b7fc-0f2bfca8a581',
    );
  });

  it.each([
    '',
    'contoso',
    '44908a11641b4c53b7fc0f2bfca8a581',
    '44908a11-641b-4c53-b7fc-0f2bfca8a58g',
  ])('is not %j', (text) => {
    expect(() => parseId(text)).toThrow(InvalidArgumentError);
    expect(() => parseId(text)).toThrow(`expected a GUID, got ${JSON.stringify(text)}`);
  });
});

describe('a customer', () => {
  it.each([
    ['44908A11-641B-4c53-b7fc-0f2bfca8a581', '44908a11-641b-4c53-b7fc-0f2bfca8a581'],
    [' Maple Foods ', 'Maple Foods'],
  ])('%j is read as %j', (text, read) => {
    expect(parseCustomer(text)).toBe(read);
  });

  it.each(['', ' '])('is not %j, which would be a part of every name', (text) => {
    expect(() => parseCustomer(text)).toThrow(
      `expected a GUID, a name, a domain or a unique part of one, got ${JSON.stringify(text)}`,
    );
  });
});

it('a currency is three letters in any case, and nothing else', () => {
  expect(parseCurrency('eur')).toBe('EUR');
  for (const text of ['', 'euro', '€']) {
    expect(() => parseCurrency(text)).toThrow(`such as EUR, got ${JSON.stringify(text)}`);
  }
});

it('a search is any text but an empty one', () => {
  expect(parseSearch(' a')).toBe(' a');
  expect(() => parseSearch('')).toThrow('expected a part of a name, a domain or an id, got ""');
});

describe('a date', () => {
  it.each(['2026-03-10', '2024-02-29', '2000-01-01', '2999-12-31'])('is %s', (text) => {
    expect(parseDate(text)).toBe(text);
  });

  it.each([
    '',
    '2026-02-29',
    '2026-13-01',
    '2026-3-1',
    '2026-03-10T00:00:00Z',
    'today',
    '0000-01-01',
  ])('is not %j', (text) => {
    expect(() => parseDate(text)).toThrow(`got ${JSON.stringify(text)}`);
  });
});

describe('a whole number', () => {
  const parse = parseWholeNumber(0, 65_535);

  it.each([
    ['0', 0],
    ['65535', 65_535],
    ['0080', 80],
  ])('%j is within its bounds', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it.each(['', ' ', '-1', '+1', '65536', '1.0', '1e3', '0x10', 'Infinity', '8080 '])(
    'is not %j',
    (text) => {
      const message = `expected a whole number from 0 to 65535, got ${JSON.stringify(text)}`;
      expect(() => parse(text)).toThrow(message);
    },
  );
});
