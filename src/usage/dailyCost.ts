import Big from 'big.js';
import { type Amount, parseAmount, toAmount } from './amount.ts';
import { type BillingPeriod, billingPeriodOf } from './billingPeriod.ts';
import { daysBetween } from './date.ts';
import type { Plan } from './plan.ts';
import type { UsageFigures, UsageSnapshot } from './usageSnapshot.ts';

/** The part of a snapshot that daily cost is computed from. */
export type CostSnapshot = Pick<UsageSnapshot, 'snapshotDate' | 'outcome' | 'figures'>;

/** What a day added to the cost of its billing period. */
export interface DailyCost {
  /** In the billing currency; negative after a correction; null without fresh figures. */
  dailyCost: Amount | null;
  /** Days that the cost is for; 0 where there is none. */
  daysCovered: number;
  /** The API showed the figures of an earlier day again. */
  isStale: boolean;
  /** The billing period the day belongs to, where that is known. */
  period?: BillingPeriod;
}

/** The last fresh figures of one billing period of one series (currency and plan). */
export interface FreshTotal {
  readonly currency: string;
  readonly plan: Plan;
  readonly period: BillingPeriod;
  /** The day they were recorded, `yyyy-MM-dd`. */
  readonly date: string;
  readonly totalCost: Amount;
  /** As sent. */
  readonly lastModifiedDate?: string | undefined;
  /**
   * Whether the last fresh daily cost was above 0. A period's first total of 0 leaves it unchanged:
   * in the start-of-month gap every period begins with 0.
   */
  readonly isSpending: boolean;
}

/** The state of earlier days that a day's cost is computed from. */
export interface CostState {
  /**
   * The latest day last. Others are kept while their period may still be shown, so that figures
   * which alternate between series (a period's last hours, an answer without its currency) are
   * compared with their own series.
   */
  readonly fresh: readonly FreshTotal[];
  /** The last day with "no usage"; absent once there is usage. */
  readonly noUsageDate?: string;
}

/** Before a resource's first snapshot. */
export const initialCostState: CostState = { fresh: [] };

/** Unchanged figures of a spending customer are stale for so many days, then a daily cost of 0. */
const longestStaleDays = 3;
/**
 * Figures of a new month may be missing until the last month is billed, by the 8th (Microsoft:
 * Azure plan billing).
 */
const gapDays = 8;

const none = { dailyCost: null, daysCovered: 0, isStale: false };
const stale = { dailyCost: null, daysCovered: 0, isStale: true };

/**
 * Computes the cost of the next day, and the state after it.
 *
 * The sum of the daily costs of a billing period is always its last fresh total. Figures count with
 * any outcome; those without a billing period give no daily cost. `noUsage` is a total of 0: of the
 * current period while that lasts; afterwards of a period that is not named yet, with a cost of 0,
 * and the next figures count from that day. It is never stale, as it has no date of change.
 *
 * @param snapshot of a later day than all those before
 */
export function advanceDailyCost(
  state: CostState,
  { snapshotDate, outcome, figures }: CostSnapshot,
): DailyCost & { state: CostState } {
  if (figures !== undefined) return advanceWithFigures(state, snapshotDate, figures);
  if (outcome === 'noUsage') return advanceWithoutUsage(state, snapshotDate);
  return { ...none, state };
}

function advanceWithFigures(state: CostState, date: string, figures: UsageFigures) {
  const period = billingPeriodOf(figures);
  if (period === undefined) return { ...none, state };
  const before = state.fresh.find(
    (each) => isSameSeries(each, figures) && each.period.start === period.start,
  );
  if (isClosed(period, date) || (before && isStale(before, date, figures))) {
    return { ...stale, period, state };
  }
  const fresh: FreshTotal = {
    currency: figures.currency,
    plan: figures.plan,
    period,
    date,
    totalCost: figures.totalCost,
    lastModifiedDate: figures.lastModifiedDate,
    isSpending: isSpending(state, before, figures),
  };
  return {
    dailyCost: before ? difference(figures.totalCost, before.totalCost) : figures.totalCost,
    daysCovered: Math.max(1, daysBetween(before?.date ?? firstDate(state, period), date)),
    isStale: false,
    period,
    state: { fresh: withFresh(state, fresh) },
  };
}

function advanceWithoutUsage(state: CostState, date: string) {
  const current = state.fresh.at(-1);
  if (current === undefined || date >= current.period.end) {
    return {
      dailyCost: parseAmount('0'),
      daysCovered: state.noUsageDate === undefined ? 1 : daysBetween(state.noUsageDate, date),
      isStale: false,
      state: { ...state, noUsageDate: date },
    };
  }
  const { lastModifiedDate: _, ...rest } = current;
  const dailyCost = difference(parseAmount('0'), current.totalCost);
  const fresh = { ...rest, date, totalCost: parseAmount('0'), isSpending: Number(dailyCost) > 0 };
  return {
    dailyCost,
    daysCovered: daysBetween(current.date, date),
    isStale: false,
    period: current.period,
    state: { fresh: withFresh(state, fresh), noUsageDate: date },
  };
}

/** Figures of one series can be subtracted from each other and drawn as one line. */
export function isSameSeries(
  one: { currency?: string; plan?: Plan },
  other: { currency: string; plan: Plan },
): boolean {
  return one.currency === other.currency && one.plan === other.plan;
}

function isStale(before: FreshTotal, date: string, figures: UsageFigures): boolean {
  return (
    before.isSpending &&
    before.lastModifiedDate === figures.lastModifiedDate &&
    new Big(before.totalCost).eq(figures.totalCost) &&
    (isInGap(before.period, date) || daysBetween(before.date, date) <= longestStaleDays)
  );
}

/** Whether a day is one of the first 8 of a period, when its figures may still be missing. */
export function isInGap(period: BillingPeriod, date: string): boolean {
  return daysBetween(period.start, date) < gapDays;
}

/** Whether a period ended so long ago that its figures do not change any more. */
export function isClosed(period: BillingPeriod, date: string, daysLater = 0): boolean {
  return daysBetween(period.end, date) + daysLater >= gapDays;
}

/** The day from which a period's first figures count: its start, or a later day without usage. */
function firstDate({ noUsageDate = '' }: CostState, { start }: BillingPeriod): string {
  return noUsageDate > start ? noUsageDate : start;
}

function isSpending(state: CostState, before: FreshTotal | undefined, figures: UsageFigures) {
  if (before) return new Big(figures.totalCost).gt(before.totalCost);
  if (Number(figures.totalCost) !== 0) return Number(figures.totalCost) > 0;
  return state.fresh.findLast((each) => isSameSeries(each, figures))?.isSpending ?? false;
}

function withFresh(state: CostState, fresh: FreshTotal): FreshTotal[] {
  const others = state.fresh.filter(
    (each) =>
      !isClosed(each.period, fresh.date, 1) &&
      !(isSameSeries(each, fresh) && each.period.start === fresh.period.start),
  );
  return [...others, fresh];
}

function difference(total: Amount, before: Amount): Amount {
  return toAmount(new Big(total).minus(before));
}
