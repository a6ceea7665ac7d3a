import { describe, expect, test } from 'vitest';
import {
  customerKey,
  customerRowKey,
  dateKey,
  partnerRowKey,
  runKey,
  subscriptionRowKey,
  totalRowKey,
  totalRowRange,
} from '../../../src/storage/keys.ts';

test('row keys are what the contract of the tables says', () => {
  expect(customerKey('0D1B5A6E-3C2F-4F0E-9D58-7A1C2B3D4E5F')).toBe(
    '0d1b5a6e-3c2f-4f0e-9d58-7a1c2b3d4e5f',
  );
  expect(customerRowKey('2026-03-14')).toBe('customer|2026-03-14');
  expect(subscriptionRowKey('ABC', '2026-03-14')).toBe('subscription|abc|2026-03-14');
  expect(partnerRowKey('2026-03-14')).toBe('partner|2026-03-14');
  expect(totalRowKey('EUR', '2026-03-14')).toBe('total|EUR|2026-03-14');
  expect(runKey('20260314T023000Z-1')).toBe('20260314T023000Z-1');
});

describe('an id that Table Storage cannot hold in a key is refused', () => {
  test.each(['/', '\\', '#', '?', '|', '\0', '\n', '\x7f', '\x9f'])('character %j', (character) => {
    const id = `a${character}b`;
    const message = `without / \\ # ? | and control characters, got ${JSON.stringify(id)}`;
    expect(() => customerKey(id)).toThrow(`expected customerId ${message}`);
    expect(() => subscriptionRowKey(id, '2026-03-14')).toThrow(
      `expected subscriptionId ${message}`,
    );
    expect(() => runKey(id)).toThrow(`expected runId ${message}`);
    expect(() => totalRowKey(id, '2026-03-14')).toThrow(`expected currency ${message}`);
  });

  test('an empty one', () => {
    expect(() => customerKey('')).toThrow('expected customerId for a key, got an empty text');
  });

  test('half a Unicode character', () => {
    expect(() => customerKey('\ud83d')).toThrow('of whole Unicode characters, got "\\ud83d"');
  });

  test('more than 1,024 characters, the other parts of the key counted', () => {
    expect(customerKey('x'.repeat(1_024))).toHaveLength(1_024);
    expect(() => customerKey('x'.repeat(1_025))).toThrow('at most 1024 characters, got 1025');
    expect(() => subscriptionRowKey('x'.repeat(1_001), '2026-03-14')).toThrow(
      'at most 1024 characters, got 1025',
    );
  });

  test('the name of the partner’s own partition', () => {
    expect(() => customerKey('Partner')).toThrow('other than the partner');
  });
});

test.each(['2026-02-29', '2026-3-14', '20260314', '', '2026-03-14T00:00:00Z'])(
  '%j is no date',
  (text) => {
    expect(() => dateKey(text)).toThrow(`expected a date yyyy-MM-dd, got ${JSON.stringify(text)}`);
  },
);

test('the range of totals holds every currency and nothing else', () => {
  const isWithin = (key: string) => totalRowRange.from <= key && key <= totalRowRange.to;
  expect(isWithin(totalRowKey('AED', '0001-01-01'))).toBe(true);
  expect(isWithin(totalRowKey('ZWL', '9999-12-31'))).toBe(true);
  expect(isWithin(partnerRowKey('2026-03-14'))).toBe(false);
});
