import { findLevel, type Level } from './level.ts';
import type { SpendDay } from './spend.ts';
import { mean, median, robustDeviation } from './statistics.ts';
import { computeWeekdayFactors, factorOf, type WeekdayFactors } from './weekdays.ts';

/** A resource's spending in the last two months. */
export interface SpendModel {
  factors: WeekdayFactors;
  /** Of ordinary days, without weekly rhythm and outliers. */
  level: Level;
  /** By date: how far an outlier was above the days around it; 0 for an ordinary day. */
  outliers: number[];
  /**
   * How far the last days are from the level, where they are outliers: they can be a spike or the
   * new level. 0 where the last day is ordinary.
   */
  openQuestion: number;
  /** The last day that the model knows, in days since 1970-01-01. */
  lastDay: number;
}

/** How far back outliers are kept: long enough for a monthly charge to occur twice. */
const outlierDays = 60;
/** Six weeks, as for the weekly rhythm. */
const levelDays = 42;
/** A day is compared with so many on either side, so that a spike of two days is a minority. */
const neighbours = 4;
const outlierDeviations = 6;
const smallestOutlier = 0.5;

/**
 * Splits spending into a weekly rhythm, outliers (bursts, spikes, corrections), and the level of
 * the remaining ordinary days.
 *
 * @param days at least one
 */
export function fitSpend(days: readonly SpendDay[]): SpendModel {
  const factors = computeWeekdayFactors(days);
  const recent = days.slice(-outlierDays);
  const even = recent.map(({ day, cost }) => cost / factorOf(factors, day));
  const ordinary = withoutOutliers(even);
  const outliers = recent.map(
    ({ day }, index) => ((even[index] ?? 0) - (ordinary[index] ?? 0)) * factorOf(factors, day),
  );
  const lastOrdinary = even.findLastIndex((value, index) => value === ordinary[index]);
  const level = findLevel(ordinary.slice(-levelDays));
  return {
    factors,
    level,
    outliers,
    openQuestion: mean(even.slice(lastOrdinary + 1).map((value) => value - level.value)),
    lastDay: recent.at(-1)?.day ?? 0,
  };
}

/** Replaces values that are far from those around them by the median of these. */
function withoutOutliers(values: readonly number[]): number[] {
  return values.map((value, index) => {
    const from = Math.max(0, index - neighbours);
    const to = Math.min(values.length, index + neighbours + 1);
    const center = median(values, from, to);
    const distance = Math.abs(value - center);
    if (distance <= smallestOutlier * Math.abs(center)) return value;
    const around = values.slice(from, to);
    return distance > outlierDeviations * robustDeviation(around, center) ? center : value;
  });
}

/** Expected cost of an ordinary day. */
export function ordinaryCostOf({ factors, level, lastDay }: SpendModel, day: number): number {
  return Math.max(0, level.value + level.slope * (day - lastDay)) * factorOf(factors, day);
}
