import currencyData from 'cldr-core/supplemental/currencyData.json' with { type: 'json' };

/** ISO 4217's code for "no currency", used where it is unknown. It has a total of its own. */
export const unknownCurrency = 'XXX';

interface Tender {
  _from?: string;
  _to?: string;
  _tender?: string;
}

/** Unicode CLDR: the currencies of each region, with the dates between which each was tender. */
const currenciesByRegion: Record<string, Record<string, Tender>[] | undefined> =
  currencyData.supplemental.currencyData.region;

/**
 * The currency of a figure, ISO 4217.
 *
 * Azure plan records name it (`currencyCode`); legacy records name only a culture
 * (`currencyLocale`: `fr-FR`), whose region had one currency on the day: Croatia's is EUR from
 * 2023-01-01, Bulgaria's from 2026-01-01.
 *
 * @param date the day of the figure, `yyyy-MM-dd`
 * @returns {@link unknownCurrency} where neither names it
 */
export function currencyOf(
  source: { currencyCode?: string | undefined; currencyLocale?: string | undefined },
  date: string,
): string {
  const code = source.currencyCode?.trim().toUpperCase();
  if (code !== undefined && /^[A-Z]{3}$/.test(code)) return code;
  const region = regionOf(source.currencyLocale);
  return (region && currencyOfRegion(region, date)) || unknownCurrency;
}

/**
 * The region that a culture name contains: `sr-Latn-RS` → `RS`; none of `en`, as none is guessed.
 */
function regionOf(locale: string | undefined): string | undefined {
  if (!locale) return undefined;
  if (!regions.has(locale)) {
    if (regions.size >= maxRegions) regions.clear();
    regions.set(locale, readRegion(locale));
  }
  return regions.get(locale);
}

/** By culture name: every legacy figure has one, and `Intl.Locale` is slow. */
const regions = new Map<string, string | undefined>();
/** More than there are culture names: the texts come from outside. */
const maxRegions = 1_000;

function readRegion(locale: string): string | undefined {
  try {
    return new Intl.Locale(locale.trim()).region;
  } catch {
    // Not a culture name: RangeError is the only error of this constructor for a string.
    return undefined;
  }
}

/** Where two overlap (a changeover), the newer one counts. */
function currencyOfRegion(region: string, date: string): string | undefined {
  const candidates = (currenciesByRegion[region] ?? [])
    .flatMap((entry) => Object.entries(entry))
    .filter(([, tender]) => tender._tender !== 'false')
    .filter(([, tender]) => (tender._from ?? '') <= date && date <= (tender._to ?? '9999'))
    .sort(([, a], [, b]) => (b._from ?? '').localeCompare(a._from ?? ''));
  return candidates[0]?.[0];
}
