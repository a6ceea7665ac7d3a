import { dateOf, dayInMonth, dayMs, dayOf } from './day.ts';

/** How a customer's billing periods begin and end. */
export interface PeriodRule {
  /** Day of the month on which a period begins, 1 to 28. */
  startDay: number;
  /** Whether its midnights are Pacific; UTC otherwise. */
  isPacific: boolean;
  /** Whether the end is the last day (legacy) or the first day of the next period (Azure plan). */
  isEndInclusive: boolean;
}

export interface BillingPeriod {
  /** First and last day, both inside. */
  firstDay: number;
  lastDay: number;
  /** As the API writes them, ISO 8601 with offset. */
  billingStartDate: string;
  billingEndDate: string;
}

/** The billing period that an instant falls into. */
export function billingPeriodAt(rule: PeriodRule, epochMs: number): BillingPeriod {
  const localDay = rule.isPacific ? pacificDayOf(epochMs) : dayOf(epochMs);
  const local = new Date(localDay * dayMs);
  const year = local.getUTCFullYear();
  const month = local.getUTCMonth() - (local.getUTCDate() < rule.startDay ? 1 : 0);
  const firstDay = dayInMonth(year, month, rule.startDay);
  const nextFirstDay = dayInMonth(year, month + 1, rule.startDay);
  const lastDay = nextFirstDay - 1;
  return {
    firstDay,
    lastDay,
    billingStartDate: midnight(firstDay, rule),
    billingEndDate: midnight(rule.isEndInclusive ? lastDay : nextFirstDay, rule),
  };
}

function midnight(day: number, rule: PeriodRule): string {
  const offsetHours = rule.isPacific ? pacificOffsetHours(day) : 0;
  const offset = offsetHours === 0 ? '+00:00' : `-0${offsetHours}:00`;
  return `${dateOf(day)}T00:00:00${offset}`;
}

/** Hours that Pacific time is behind UTC at the midnight that begins a day. */
function pacificOffsetHours(day: number): 7 | 8 {
  const year = new Date(day * dayMs).getUTCFullYear();
  const begins = nthSunday(year, 2, 2);
  const ends = nthSunday(year, 10, 1);
  // Daylight saving time changes at 02:00: the midnight before still has the old offset.
  return day > begins && day <= ends ? 7 : 8;
}

function pacificDayOf(epochMs: number): number {
  const standardMs = epochMs - 8 * 3_600_000;
  const day = dayOf(standardMs);
  return pacificOffsetHours(day) === 7 ? dayOf(standardMs + 3_600_000) : day;
}

function nthSunday(year: number, month: number, count: number): number {
  const first = dayInMonth(year, month, 1);
  // 1970-01-01 was a Thursday, so that day + 4 modulo 7 is 0 on Sundays.
  const untilSunday = (7 - ((first + 4) % 7)) % 7;
  return first + untilSunday + (count - 1) * 7;
}
