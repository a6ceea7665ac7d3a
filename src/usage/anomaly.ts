import { type Amount, parseAmount } from './amount.ts';
import { isInGap } from './dailyCost.ts';
import type { DailyItem } from './history.ts';
import { createSpendView, itemsUpTo, type KnownSpend, type SpendView } from './knownSpend.ts';
import { epochDayOf, type SpendDay } from './spend.ts';
import { ordinaryCostOf, type SpendModel } from './spendModel.ts';
import { sum } from './statistics.ts';
import { factorOf } from './weekdays.ts';

export interface AnomalyOptions {
  /** A smaller change is never an anomaly; billing currency. */
  minimumCost: number;
}

/** What a day was expected to cost, and whether it is too far from that. */
export interface AnomalyVerdict {
  isAnomaly: boolean;
  /** Of the days that the daily cost covers, in the billing currency, to 4 digits. */
  expectedCost: Amount;
}

/** Two of each weekday, so that a weekend is not taken for an anomaly. */
const fewestDays = 14;
/** After a step, a week is needed to see how the weekdays of the new level differ. */
const fewestDaysOfLevel = 7;
/** Deviations from the expected cost: in noise alone, about one day in 10,000 is as far. */
const deviations = 4;
/** The smallest change that counts, as a part of the expected cost. */
const smallestChange = 0.4;
/** An earlier outlier of at least this part of a change makes the change a known one. */
const likeness = 0.7;

/**
 * Whether the cost recorded on a day is out of line: rises, drops, cost that is new or vanished.
 *
 * The expected cost is the level of the weeks before times the share of the weekday (medians, which
 * a single outlier does not move). A cost is an anomaly where it is four standard deviations of
 * ordinary days, two fifths of the expected cost, and the minimum cost away from it; unless it is
 * known: the day before was as far out (it was reported then), or two days of the last two months
 * were (bursts, monthly charges).
 *
 * @param items of one resource; those of other series and after `date` are ignored
 * @param date `yyyy-MM-dd`
 * @returns undefined where it cannot be decided: no fresh figures that day, less than two weeks
 *   before it, or figures that the start-of-month gap may keep back
 */
export function detectAnomaly(
  items: readonly DailyItem[],
  date: string,
  options: AnomalyOptions,
): AnomalyVerdict | undefined {
  const known = itemsUpTo(items, date);
  if (known.at(-1)?.date !== date) return undefined;
  return anomalyAt(known, createSpendView(known), known.length - 1, options);
}

/** The same for the item at an index, with an existing view of its history. */
export function anomalyAt(
  items: readonly DailyItem[],
  view: SpendView,
  index: number,
  options: AnomalyOptions,
): AnomalyVerdict | undefined {
  const item = items[index];
  const covered = view.coveredBy(index);
  const before = view.knownBefore(index);
  if (!item || covered.length === 0 || !isEnough(before)) return undefined;
  const difference = compare(before.model, covered, options);
  const isAnomaly =
    difference.isFar &&
    before.model.level.days >= fewestDaysOfLevel &&
    !isKnown(before.model, difference.change / covered.length) &&
    !isDelayed(before, covered, item, options);
  return { isAnomaly, expectedCost: parseAmount(difference.expected.toFixed(4)) };
}

function isEnough(known: KnownSpend | undefined): known is KnownSpend {
  if (known === undefined) return false;
  const { days, count } = known;
  return (days.length === 0 ? count : days.filter((day) => day.isAlone).length) >= fewestDays;
}

function compare(model: SpendModel, days: SpendDay[], { minimumCost }: AnomalyOptions) {
  const expected = sum(days.map(({ day }) => ordinaryCostOf(model, day)));
  const change = sum(days.map(({ cost }) => cost)) - expected;
  const noise = sum(days.map(({ day }) => model.level.deviation * factorOf(model.factors, day)));
  const limit = Math.max(minimumCost, deviations * noise, smallestChange * expected);
  // Where nothing is expected the limit can be 0: a day that costs nothing is no change all the same.
  return { expected, change, isFar: change !== 0 && Math.abs(change) >= limit };
}

/**
 * In the first days of a period part of the cost may be shown later. So only a cost that is too
 * high for all its days together is a rise, and no cost is a drop.
 */
function isDelayed(
  before: KnownSpend,
  covered: SpendDay[],
  { date, period }: DailyItem,
  options: AnomalyOptions,
): boolean {
  if (period === undefined || !isInGap(period, date)) return false;
  const start = epochDayOf(period.start);
  const shown = [...before.days.filter(({ day }) => day >= start), ...covered];
  const { change, isFar } = compare(before.model, shown, options);
  return !isFar || change < 0;
}

function isKnown({ outliers }: SpendModel, change: number): boolean {
  const isAsFar = (outlier: number) => outlier / change >= likeness;
  return isAsFar(outliers.at(-1) ?? 0) || outliers.filter(isAsFar).length >= 2;
}
