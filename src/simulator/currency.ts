/** The currency fields of a customer's figures, and the rate to US dollars. */
export type CurrencySource =
  | { currencyCode: string; usdRate: number }
  | { currencyLocale: string; usdRate?: never };

/** Azure plan figures name the currency; the rates never change. */
export const planCurrencies: readonly CurrencySource[] = [
  { currencyCode: 'EUR', usdRate: 1.085 },
  { currencyCode: 'EUR', usdRate: 1.085 },
  { currencyCode: 'USD', usdRate: 1 },
  { currencyCode: 'GBP', usdRate: 1.2705 },
  { currencyCode: 'SEK', usdRate: 0.0953 },
  { currencyCode: 'CHF', usdRate: 1.1311 },
];

/** Legacy figures name a culture, whose region's currency it is. */
export const legacyLocales = [
  'fr-FR',
  'en-US',
  'sv-SE',
  'hr-HR',
  'sr-Latn-RS',
  'en-GB',
  'de-CH',
  'bg-BG',
] as const;
