const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 24 * 60 * 60_000;

// `Date.parse` takes a date without a time as UTC (ECMAScript: date time string format).

/** The UTC date of an instant, `yyyy-MM-dd`. */
export function utcDateOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Whether a text is a date that exists, written `yyyy-MM-dd`. */
export function isDate(text: string): boolean {
  // JavaScript rejects a day that a month does not have, or takes it for one of the next month.
  return datePattern.test(text) && new Date(text).getUTCDate() === Number(text.slice(8));
}

/** Limits that leave room for dates some months before and after. */
export const firstAskable = '2000-01-01';
export const lastAskable = '2999-12-31';

/** Whether a text is a date that can be asked for. */
export function isAskable(text: string): boolean {
  return isDate(text) && text >= firstAskable && text <= lastAskable;
}

/** The date so many days later, or earlier for a negative number. */
export function addDays(date: string, days: number): string {
  return utcDateOf(Date.parse(date) + days * dayMs);
}

/** Days of the month in which a date lies. */
export function daysInMonth(date: string): number {
  return new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();
}

/** Whole days from one date to another; negative when the other is earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / dayMs;
}

/** Dates `yyyy-MM-dd`, both included. */
export interface DateRange {
  from: string;
  to: string;
}
