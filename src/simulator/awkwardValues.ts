import { rawNumber } from './decimal.ts';
import type { Quirks } from './quirks.ts';
import { pick } from './random.ts';

type Fields = Record<string, unknown>;

const dates = ['billingStartDate', 'billingEndDate', 'lastModifiedDate'];
const names = ['resourceName', 'name', 'offerName', 'friendlyName', 'companyName'];

/** .NET's `DateTime.MinValue` and the end of a period that has none. */
const noDate = '0001-01-01T00:00:00Z';
const never = '9999-12-31T00:00:00Z';

const oddBudgets = [500, { amount: '' }, { amount: rawNumber('999999999999999999999') }];

/**
 * Applies a customer's quirks to a summary, record or item of a list.
 *
 * @param turn selects the form of a quirk that has several
 */
export function makeAwkward(body: Fields, quirks: Quirks, turn: number): Fields {
  const awkward = { ...body };
  const change = (fields: readonly string[], to: (value: unknown) => unknown) => {
    for (const field of fields) if (field in awkward) awkward[field] = to(awkward[field]);
  };
  if (quirks.usDates) change(dates, toUsDate);
  if (quirks.spacedDates) change(dates, toSpacedDate);
  if (quirks.defaultDates) {
    change(['billingStartDate'], () => noDate);
    change(['billingEndDate'], () => pick([never, noDate], turn));
  }
  if (quirks.nullDates) change(dates, () => null);
  if (quirks.emptyUsd) change(['usdTotalCost'], () => pick(['', 'NaN'], turn));
  if (quirks.oddBudget) change(['budget'], () => pick(oddBudgets, turn));
  if (quirks.nullNames) change(names, () => null);
  if (quirks.emptyCurrencyCode && 'currencyLocale' in awkward) awkward['currencyCode'] = '';
  return awkward;
}

const iso = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function toUsDate(value: unknown): unknown {
  const [, year, month, day, hour, rest, offset] = iso.exec(String(value)) ?? [];
  if (year === undefined) return value;
  const date = `${Number(month)}/${Number(day)}/${year}`;
  const time = `${Number(hour) % 12 || 12}:${rest} ${Number(hour) < 12 ? 'AM' : 'PM'}`;
  return `${date} ${time} ${offset === 'Z' ? '+00:00' : offset}`;
}

function toSpacedDate(value: unknown): unknown {
  return iso.test(String(value)) ? String(value).replace('T', ' ').replace('+00:00', 'Z') : value;
}
