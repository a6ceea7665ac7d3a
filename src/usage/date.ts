const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 24 * 60 * 60_000;

// `Date.parse` takes a date without a time as UTC (ECMAScript: date time string format).

/** The UTC date of an instant, `yyyy-MM-dd`. */
export function utcDateOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Whether a text is a date that exists, written `yyyy-MM-dd`. */
export function isDate(text: string): boolean {
  if (!datePattern.test(text)) return false;
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8))];
  // Dates of all rows are checked; few of them need the length of the month.
  return month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysInMonth(text));
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
