import { addDays, daysInMonth, utcDateOf } from './date.ts';

/** The dates of a billing period, as Partner Center sends them. */
export interface BillingPeriodDates {
  billingStartDate: string;
  billingEndDate: string;
}

/** A billing period in the dates of its own offset, `yyyy-MM-dd`. */
export interface BillingPeriod {
  /** First day. */
  start: string;
  /** The day after the last one, whichever way the API wrote the end. */
  end: string;
}

/**
 * The period that figures belong to. Its dates are the local date parts: a period that begins at
 * Pacific midnight begins on that date, although it is 7 or 8 o'clock in UTC.
 */
export function billingPeriodOf({
  billingStartDate,
  billingEndDate,
}: BillingPeriodDates): BillingPeriod {
  const start = billingStartDate.slice(0, 10);
  // An end on the start's day of the month is exclusive, and is met too often to calculate.
  if (billingEndDate.slice(8, 10) === start.slice(8)) {
    return { start, end: billingEndDate.slice(0, 10) };
  }
  // Dates without offset count as UTC, so that the end's own date comes back.
  const endMs = computePeriodEndMs({
    billingStartDate: start,
    billingEndDate: billingEndDate.slice(0, 10),
  });
  return { start, end: utcDateOf(endMs) };
}

/**
 * The instant at which a billing period is over, in milliseconds since the epoch.
 *
 * Whether the end is inclusive is read from its shape: Azure plan's falls on the day of the month
 * on which the period began and is exclusive; a legacy period's is the day before that, and
 * belongs to the period. Any other end is taken for exclusive, so that the last look at a period
 * comes rather too early than too late.
 */
export function computePeriodEndMs({
  billingStartDate,
  billingEndDate,
}: BillingPeriodDates): number {
  const endDate = billingEndDate.slice(0, 10);
  const lastDate = isEndInclusive(billingStartDate.slice(0, 10), endDate)
    ? addDays(endDate, 1)
    : endDate;
  return Date.parse(`${lastDate}T00:00:00${offsetOf(billingEndDate)}`);
}

/** Whether the day after the end is the start's day of the month, clamped to the month's length. */
function isEndInclusive(startDate: string, endDate: string): boolean {
  const dayAfter = addDays(endDate, 1);
  const startDay = Math.min(Number(startDate.slice(8)), daysInMonth(dayAfter));
  return Number(dayAfter.slice(8)) === startDay;
}

/** `-08:00`, `Z`; UTC where a date has none. */
function offsetOf(date: string): string {
  return /(?:Z|[+-]\d{2}:\d{2})$/.exec(date)?.[0] ?? 'Z';
}
