import { unknownCurrency } from './currency.ts';
import { addDays, daysInMonth, isDate } from './date.ts';
import type { Plan } from './plan.ts';

/** The dates of a billing period, as Partner Center sends them, and how to read them. */
export interface BillingPeriodDates {
  billingStartDate?: string;
  billingEndDate?: string;
  plan?: Plan;
  /** `XXX` where the answer has none: then the plan is a guess as well. */
  currency?: string;
}

/** A billing period in the dates of its own offset, `yyyy-MM-dd`. */
export interface BillingPeriod {
  /** First day. */
  start: string;
  /** The day after the last one, whichever way the API wrote the end. */
  end: string;
}

/** When Azure began; services send `0001-01-01` where they have no date. */
const earliestDate = '2010-01-01';
/** Periods end within so many years; services send `9999-12-31` where there is no end. */
const yearsAhead = 10;
/** After the date; some services put a space there. */
const restOfDate = /^.{10}(?:[T ]|$)/;

/**
 * Whether two dates as sent can be the ends of a billing period that was shown on `today`,
 * `yyyy-MM-dd`: both present, in ISO 8601, between 2010 and ten years ahead, and in order.
 */
export function isBillingPeriod(
  dates: { billingStartDate: string | undefined; billingEndDate: string | undefined },
  today: string,
): dates is { billingStartDate: string; billingEndDate: string } {
  const { billingStartDate: start = '', billingEndDate: end = '' } = dates;
  const latestDate = `${Number(today.slice(0, 4)) + yearsAhead}${today.slice(4)}`;
  const [startDate, endDate] = [start.slice(0, 10), end.slice(0, 10)];
  if (startDate < earliestDate || endDate > latestDate || startDate > endDate) return false;
  return [start, end].every((date) => restOfDate.test(date) && isDate(date.slice(0, 10)));
}

/**
 * The period that figures belong to; `undefined` where they do not name one. Its dates are the
 * local date parts: a period that begins at Pacific midnight begins on that date, although that is
 * 07:00 or 08:00 UTC.
 */
export function billingPeriodOf(dates: BillingPeriodDates): BillingPeriod | undefined {
  const { billingStartDate, billingEndDate } = dates;
  if (billingStartDate === undefined || billingEndDate === undefined) return undefined;
  const start = billingStartDate.slice(0, 10);
  const end = billingEndDate.slice(0, 10);
  const isInclusive = isEndInclusiveByPlan(dates) ?? isEndInclusiveByShape(start, end);
  return { start, end: isInclusive ? addDays(end, 1) : end };
}

/** The month of a date, for figures that name no period. */
export function calendarMonthOf(date: string): BillingPeriod {
  const start = `${date.slice(0, 8)}01`;
  return { start, end: addDays(start, daysInMonth(date)) };
}

/**
 * The instants at which a billing period may be over, in milliseconds since the epoch, the earliest
 * first: usually one; two where the plan and the shape of the dates disagree on whether the end is
 * inclusive; none where there is no period.
 */
export function computePeriodEndsMs(dates: BillingPeriodDates): number[] {
  const { billingStartDate, billingEndDate } = dates;
  if (billingStartDate === undefined || billingEndDate === undefined) return [];
  const end = billingEndDate.slice(0, 10);
  const byShape = isEndInclusiveByShape(billingStartDate.slice(0, 10), end);
  return [...new Set([isEndInclusiveByPlan(dates) ?? byShape, byShape])]
    .map((isInclusive) => (isInclusive ? addDays(end, 1) : end))
    .map((last) => Date.parse(`${last}T00:00:00${offsetOf(billingEndDate)}`))
    .sort((one, other) => one - other);
}

/** Legacy periods end with their last day, those of an Azure plan with the day after it. */
function isEndInclusiveByPlan({ plan, currency }: BillingPeriodDates): boolean | undefined {
  if (plan === undefined || currency === unknownCurrency) return undefined;
  return plan === 'payAsYouGo';
}

/** Whether the day after the end is the start's day of the month, clamped to the month's length. */
function isEndInclusiveByShape(start: string, end: string): boolean {
  // The common case, decided without calculating dates.
  if (end.slice(8) === start.slice(8)) return false;
  const dayAfter = addDays(end, 1);
  const startDay = Math.min(Number(start.slice(8)), daysInMonth(dayAfter));
  return Number(dayAfter.slice(8)) === startDay;
}

/** `-08:00`, `Z`; UTC where a date has none. */
function offsetOf(date: string): string {
  return /(?:Z|[+-]\d{2}:\d{2})$/.exec(date)?.[0] ?? 'Z';
}
