import { describe, expect, it } from 'vitest';
import { addDays, isDate, utcDateOf } from '../../../src/usage/date.ts';

describe('a date', () => {
  it.each(['2026-03-10', '2024-02-29', '0001-01-01'])('is %s', (text) => {
    expect(isDate(text)).toBe(true);
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-3-1',
    '20260310',
    '2026-03-10T00:00:00Z',
    '',
    'today',
  ])('is not %j', (text) => {
    expect(isDate(text)).toBe(false);
  });

  it('is that of UTC', () => {
    expect(utcDateOf(Date.parse('2026-03-10T23:59:59-08:00'))).toBe('2026-03-11');
  });

  it('moves over ends of months and years', () => {
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(addDays('2025-12-31', 1)).toBe('2026-01-01');
  });
});
