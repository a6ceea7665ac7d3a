import { describe, expect, it } from 'vitest';
import { currencyOf } from '../../../src/usage/currency.ts';

describe('the currency of a figure', () => {
  it('is the code that the API sends', () => {
    expect(currencyOf({ currencyCode: 'GBP', currencyLocale: 'fr-FR' }, '2026-01-01')).toBe('GBP');
    expect(currencyOf({ currencyCode: ' gbp ' }, '2026-01-01')).toBe('GBP');
  });

  it.each([
    ['en-US', 'USD'],
    ['fr-FR', 'EUR'],
    ['sv-SE', 'SEK'],
    ['en-GB', 'GBP'],
    ['de-CH', 'CHF'],
    ['sr-Latn-RS', 'RSD'],
    ['zh-Hant-TW', 'TWD'],
    ['nb-NO', 'NOK'],
    ['zh-CN', 'CNY'],
    [' fr-FR ', 'EUR'],
  ])('is, of the culture %s, that of its region: %s', (currencyLocale, currency) => {
    expect(currencyOf({ currencyLocale }, '2026-03-10')).toBe(currency);
  });

  it.each([
    ['hr-HR', '2022-12-31', 'HRK'],
    ['hr-HR', '2023-01-01', 'EUR'],
    ['bg-BG', '2025-12-31', 'BGN'],
    ['bg-BG', '2026-01-01', 'EUR'],
    ['et-EE', '2010-12-31', 'EEK'],
    ['et-EE', '2011-01-01', 'EUR'],
    ['es-CU', '2026-03-10', 'CUP'],
  ])('of %s changes with its region: %s has %s', (currencyLocale, date, currency) => {
    expect(currencyOf({ currencyLocale }, date)).toBe(currency);
  });

  it('is, of two that a region has at once, the newer one', () => {
    expect(currencyOf({ currencyLocale: 'st-LS' }, '2026-03-10')).toBe('LSL');
  });

  it.each([
    [{}],
    [{ currencyLocale: 'en' }],
    [{ currencyLocale: 'not a culture' }],
    [{ currencyCode: 'EURO' }],
    [{ currencyLocale: 'es-419' }],
  ])('cannot be told from %j, and is not guessed', (source) => {
    expect(currencyOf(source, '2026-03-10')).toBe('XXX');
  });
});
