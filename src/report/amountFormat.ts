import type { Amount } from '../usage/amount.ts';

export type AmountFormat = (amount: Amount) => string;

/**
 * Shows amounts with the digits of a currency (ISO 4217), rounded from the exact decimal, half away
 * from zero (ECMA-402: `halfExpand`).
 */
export function createAmountFormat(currency: string): AmountFormat {
  const { maximumFractionDigits: digits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  const format = new Intl.NumberFormat('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // No minus before what is rounded to 0.
    signDisplay: 'negative',
  });
  // As a text it keeps every digit; a number would be a double.
  return (amount) => format.format(amount as Intl.StringNumericLiteral);
}
