import type { Amount } from './api.ts';
import { toMs } from './dates.ts';

/** Numbers and dates as the reader's locale writes them. */

const locales = [...navigator.languages];

/** No figure. */
export const none = '–';

const count = new Intl.NumberFormat(locales);
export const formatCount = (value: number) => count.format(value);

const percent = new Intl.NumberFormat(locales, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
/** @param value 12.5 is 12.5 % */
export const formatPercent = (value: number) => percent.format(value / 100);

const signedPercent = new Intl.NumberFormat(locales, {
  style: 'percent',
  maximumFractionDigits: 0,
  signDisplay: 'exceptZero',
});
export const formatChangePercent = (value: number) => signedPercent.format(value / 100);

/** All digits, however many. */
const exact = new Intl.NumberFormat(locales, { maximumFractionDigits: 100 });
export const formatExactly = (amount: Amount) => exact.format(amount);

const compact = new Intl.NumberFormat(locales, { notation: 'compact' });
export const formatCompact = (value: number) => compact.format(value);

const amountFormats = new Map<string, Intl.NumberFormat>();

/** Rounded to the digits of the currency, without naming it. */
export function formatAmount(
  amount: Amount | null,
  currency: string | null,
  { isChange = false } = {},
): string {
  if (amount === null) return none;
  const name = `${currency} ${isChange}`;
  const format = amountFormats.get(name) ?? createAmountFormat(currency, isChange);
  amountFormats.set(name, format);
  return format.format(amount);
}

function createAmountFormat(currency: string | null, isChange: boolean): Intl.NumberFormat {
  const digits = new Intl.NumberFormat(locales, {
    style: 'currency',
    currency: currency ?? 'XXX',
  }).resolvedOptions().maximumFractionDigits;
  return new Intl.NumberFormat(locales, {
    minimumFractionDigits: digits ?? 2,
    maximumFractionDigits: digits ?? 2,
    ...(isChange && { signDisplay: 'exceptZero' }),
  });
}

const day = new Intl.DateTimeFormat(locales, { dateStyle: 'medium', timeZone: 'UTC' });
export const formatDate = (date: string) => day.format(toMs(date));

const shortDay = new Intl.DateTimeFormat(locales, {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});
export const formatShortDate = (date: string) => shortDay.format(toMs(date));
/** Both included. */
export const formatRange = (from: string, to: string) => shortDay.formatRange(toMs(from), toMs(to));

const time = new Intl.DateTimeFormat(locales, {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});
/** @param timestamp ISO 8601 */
export const formatTime = (timestamp: string) => `${time.format(Date.parse(timestamp))} UTC`;

const clock = new Intl.DateTimeFormat(locales, { timeStyle: 'short', timeZone: 'UTC' });
/** Of a day that is shown beside it. */
export const formatClock = (timestamp: string) => `${clock.format(Date.parse(timestamp))} UTC`;

const seconds = 1000;
export function formatDuration(durationMs: number): string {
  const total = Math.round(durationMs / seconds);
  if (total < 60) return `${total} s`;
  return `${Math.floor(total / 60)} min ${total % 60} s`;
}

export const plural = (value: number, one: string, many = `${one}s`) =>
  `${formatCount(value)} ${value === 1 ? one : many}`;
