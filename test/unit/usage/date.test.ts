import { describe, expect, it } from 'vitest';
import {
  addDays,
  daysBetween,
  daysInMonth,
  isAskable,
  isDate,
  utcDateOf,
} from '../../../src/usage/date.ts';

describe('a date', () => {
  it.each(['2026-03-10', '2024-02-29', '0001-01-01'])('is %s', (text) => {
    expect(isDate(text)).toBe(true);
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-03-00',
    '2026/03/10',
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

  it.each([
    ['2024-02-29', 29],
    ['2026-02-01', 28],
    ['2026-12-31', 31],
  ])('%s lies in a month of %i days', (date, days) => {
    expect(daysInMonth(date)).toBe(days);
  });

  it('is so many days from another, and less than none from a later one', () => {
    expect(daysBetween('2026-02-27', '2026-03-02')).toBe(3);
    expect(daysBetween('2026-03-02', '2026-02-27')).toBe(-3);
  });

  it.each([
    ['1999-12-31', false],
    ['2000-01-01', true],
    ['2999-12-31', true],
    ['3000-01-01', false],
    ['2026-02-30', false],
  ])('%s can be asked for: %s', (text, expected) => {
    expect(isAskable(text)).toBe(expected);
  });
});
