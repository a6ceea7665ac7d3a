import Big from 'big.js';
import { type Amount, isZero, parseAmount, percentOf, toAmount } from './amount.ts';
import { type BillingPeriod, billingPeriodOf } from './billingPeriod.ts';
import { isInGap } from './dailyCost.ts';
import { addDays, daysBetween, daysInMonth } from './date.ts';
import { costCurrencyOf, type RankedRow } from './ledgerRow.ts';

/**
 * - `day`: the daily cost against that of the day before
 * - `week`: the daily cost against that of the same weekday of last week
 * - `period`: the billing period so far against the last one on the same day
 */
export const comparisons = ['day', 'week', 'period'] as const;
export type Comparison = (typeof comparisons)[number];

/** What became of a customer's cost in one currency. Amounts are null where nothing is known. */
export interface Movement {
  /** ISO 4217. */
  currency: string;
  /** `new` and `vanished`: there was, or is, no row of the customer with a cost in the currency. */
  kind: 'changed' | 'new' | 'vanished';
  before: Amount | null;
  after: Amount | null;
  change: Amount | null;
  /** Of the cost before, 2 digits; null where that is unknown, 0 or negative. */
  percent: number | null;
}

/** The part of a row that costs are compared by. */
export type MovingRow = Pick<
  RankedRow,
  'snapshotDate' | 'outcome' | 'figures' | 'expectedCurrency' | 'cost'
>;

/** Two days, and what is known of them. */
export interface ComparedDays {
  against: Comparison;
  date: string;
  beforeDate: string;
  /** Whether a customer without a row on that day was not there. */
  isWhole: boolean;
  isBeforeWhole: boolean;
}

/** The day that a day is compared with: of periods, so many days before as the last month has. */
export function comparedDateOf(date: string, against: Comparison): string {
  if (against === 'day') return addDays(date, -1);
  if (against === 'week') return addDays(date, -7);
  return addDays(date, -daysInMonth(addDays(date, -Number(date.slice(8)))));
}

/**
 * How the cost of a customer moved between two days. Only what can be compared is: both costs have
 * to be known, and to be of equally many days. So a row moves nowhere
 *
 * - without figures (failed, refused, missed) or with stale ones;
 * - with a daily cost that covers several days (after a missed or stale day, or at a first night);
 * - on the first day of a billing period, which has no whole day of use behind it;
 * - with a total of 0 in the first eight days of a period, when figures may come late;
 * - against a period that had no such day (the 31st), or in which so many days had not passed.
 *
 * A customer without a row is new or vanished if the day without it was recorded whole, and is not
 * the first of a period. Its own cost may be unknown for the same reasons: then it is marked, without
 * an amount. Where the currency changed it has vanished in one, and is new in the other.
 *
 * @param before its row on `beforeDate`, where there is one
 * @param after its row on `date`, where there is one
 * @returns none where the cost did not move, or nothing can be said
 */
export function computeMovements(
  before: MovingRow | undefined,
  after: MovingRow | undefined,
  days: ComparedDays,
): Movement[] {
  return compareCosts(before, after, days).filter(
    ({ kind, change }) => kind !== 'changed' || change === null || !isZero(change),
  );
}

/** The same, with a change of 0 where a cost can be compared and did not move. */
export function compareCosts(
  before: MovingRow | undefined,
  after: MovingRow | undefined,
  days: ComparedDays,
): Movement[] {
  const periods = { before: periodOf(before), after: periodOf(after) };
  if (days.against === 'period' && !arePeriodsAlike(periods, days)) return [];
  const firstDays = [periods.before, periods.after].flatMap((each) => firstDaysOf(each));
  const costOf = (row: MovingRow) =>
    days.against === 'period' ? totalOf(row) : dailyCostOf(row, firstDays);
  if (before === undefined || after === undefined) {
    const absent = before === undefined ? days.beforeDate : days.date;
    const isProof = before === undefined ? days.isBeforeWhole : days.isWhole;
    if (!isProof || firstDays.includes(absent)) return [];
    if (after) return appear(after, costOf(after));
    return before ? vanish(before, costOf(before)) : [];
  }
  const costs = { before: costOf(before), after: costOf(after) };
  if (costs.before === undefined || costs.after === undefined) return [];
  const was = costCurrencyOf(before);
  const currency = costCurrencyOf(after) ?? was;
  // A customer that never spent anything has a cost of 0 in no currency.
  if (currency === undefined) return [];
  if (currency === (was ?? currency)) return change(currency, costs.before, costs.after);
  return [...vanish(before, costs.before), ...appear(after, costs.after)];
}

type Periods = Record<'before' | 'after', BillingPeriod | undefined>;

function periodOf(row: MovingRow | undefined): BillingPeriod | undefined {
  return row?.figures && billingPeriodOf(row.figures);
}

/** Whether one period follows the other, and as many days of both have passed. */
function arePeriodsAlike({ before, after }: Periods, { date, beforeDate }: ComparedDays): boolean {
  if (before && after) {
    const days = daysBetween(after.start, date);
    const isSameDay = daysBetween(before.start, beforeDate) === days;
    return before.end === after.start && isSameDay && days > 0;
  }
  // "No usage" and an absent row name no period: they are of another one than the figures.
  if (after) return after.start > beforeDate && after.start < date;
  return before !== undefined && before.end < date;
}

/** The first day of a period and of the next one. */
function firstDaysOf(period: BillingPeriod | undefined): string[] {
  return period ? [period.start, period.end] : [];
}

function totalOf(row: MovingRow): Amount | undefined {
  const { figures, cost } = row;
  // Without a cost it is not known yet whether the figures are stale.
  if (cost === undefined || cost.isStale || isLate(row)) return undefined;
  // Of the rows without figures, "no usage" alone has a cost.
  if (figures === undefined) return parseAmount('0');
  return periodOf(row) && figures.totalCost;
}

function dailyCostOf(row: MovingRow, firstDays: readonly string[]): Amount | undefined {
  const { snapshotDate, cost } = row;
  if (cost?.daysCovered !== 1 || isLate(row)) return undefined;
  return firstDays.includes(snapshotDate) ? undefined : cost.dailyCost;
}

/** Whether figures of a billing period may still be missing. */
function isLate(row: MovingRow): boolean {
  const period = periodOf(row);
  if (row.figures === undefined || period === undefined) return false;
  return isZero(row.figures.totalCost) && isInGap(period, row.snapshotDate);
}

function change(currency: string, before: Amount, after: Amount): Movement[] {
  const moved = toAmount(new Big(after).minus(before));
  const percent = percentOfCost(moved, before);
  return [{ currency, kind: 'changed', before, after, change: moved, percent }];
}

function appear({ figures }: MovingRow, cost: Amount | undefined): Movement[] {
  // It has not spent anything yet.
  if (figures === undefined || isZero(figures.totalCost)) return [];
  const after = cost ?? null;
  const { currency } = figures;
  return [{ currency, kind: 'new', before: null, after, change: after, percent: null }];
}

function vanish(row: MovingRow, cost: Amount | undefined): Movement[] {
  const currency = costCurrencyOf(row);
  if (currency === undefined || row.outcome === 'noUsage') return [];
  const nothing = { currency, kind: 'vanished', after: null } as const;
  if (cost === undefined) return [{ ...nothing, before: null, change: null, percent: null }];
  if (isZero(cost)) return [];
  const moved = toAmount(new Big(0).minus(cost));
  return [{ ...nothing, before: cost, change: moved, percent: percentOfCost(moved, cost) }];
}

function percentOfCost(moved: Amount, before: Amount): number | null {
  return percentOf(moved, before)?.round(2).toNumber() ?? null;
}
