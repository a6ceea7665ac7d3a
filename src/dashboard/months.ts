import Big from 'big.js';
import type { Amount, TotalItem } from './api.ts';
import { addDays, listDates } from './dates.ts';

/** A calendar month up to a day of it, in one currency. */
export interface MonthSoFar {
  from: string;
  to: string;
  /** The sum of the daily costs, exact; null without any. */
  cost: Amount | null;
  /** Days from the first to the last. */
  days: number;
  /** Of these, the days that were recorded. */
  daysRecorded: number;
}

/** An earlier total than the first of a currency could only be of another billing period. */
const longestPeriodDays = 31;
/** What a range may have at most. */
const longestRangeDays = 400;

/** The first day of the totals that `compareMonths` and `findFirstNight` need. */
export function firstDayNeeded(firstShown: string, lastShown: string): string {
  const [ofLastMonth, before] = [lastMonthOf(lastShown), addDays(firstShown, -longestPeriodDays)];
  const needed = ofLastMonth < before ? ofLastMonth : before;
  const earliest = addDays(lastShown, 1 - longestRangeDays);
  return needed > earliest ? needed : earliest;
}

/**
 * The month of a day up to that day, and the month before to the same day.
 *
 * @param totals of all currencies, which tell the days that were recorded
 */
export function compareMonths(
  totals: readonly TotalItem[],
  currency: string,
  date: string,
): { now: MonthSoFar; before: MonthSoFar } {
  const [first, lastMonth] = [firstOf(date), lastMonthOf(date)];
  const sameDay = `${lastMonth.slice(0, 8)}${date.slice(8)}`;
  const end = addDays(first, -1);
  return {
    now: sumOf(totals, currency, { from: first, to: date }),
    before: sumOf(totals, currency, { from: lastMonth, to: sameDay < end ? sameDay : end }),
  };
}

function sumOf(
  totals: readonly TotalItem[],
  currency: string,
  { from, to }: { from: string; to: string },
): MonthSoFar {
  const within = totals.filter(({ date }) => date >= from && date <= to);
  const costs = within.flatMap(({ dailyCost, currency: each }) =>
    each === currency && dailyCost !== null ? [dailyCost] : [],
  );
  const sum = costs.reduce((before, cost) => before.plus(cost), new Big(0));
  return {
    from,
    to,
    cost: costs.length > 0 ? (sum.toFixed() as Amount) : null,
    days: listDates(from, to).length,
    daysRecorded: new Set(within.map(({ date }) => date)).size,
  };
}

/**
 * The first night of a currency, if it is among these: what it cost is the billing periods so far,
 * and not a day.
 *
 * @param from from when on the totals were asked for
 */
export function findFirstNight(
  totals: readonly TotalItem[],
  currency: string,
  from: string,
): string | undefined {
  const dates = totals.filter((each) => each.currency === currency).map(({ date }) => date);
  const first = dates.toSorted()[0];
  return first !== undefined && addDays(first, -longestPeriodDays) >= from ? first : undefined;
}

const firstOf = (date: string) => `${date.slice(0, 7)}-01`;

function lastMonthOf(date: string): string {
  return firstOf(addDays(firstOf(date), -1));
}
