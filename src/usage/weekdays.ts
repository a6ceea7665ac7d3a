import type { SpendDay } from './spend.ts';
import { mean, median } from './statistics.ts';

/** How much of an ordinary day's cost a weekday has; their mean is 1. */
export type WeekdayFactors = readonly number[];

/**
 * With fewer of each weekday, a different weekday cannot be distinguished from a single outlier.
 */
const fewestWeeks = 3;
const maxWeeks = 6;
/** Lower limit, as dividing by a factor near 0 would only amplify noise. */
const smallestFactor = 0.05;

const even: WeekdayFactors = Array<number>(7).fill(1);

/** The place of a day's weekday in {@link WeekdayFactors}. */
export function weekdayOf(day: number): number {
  return ((day % 7) + 7) % 7;
}

/**
 * The weekly rhythm of the last six weeks: the median of each weekday against the mean of the seven
 * medians, so that a single outlier has no effect. All 1 where there are less than three weeks.
 */
export function computeWeekdayFactors(days: readonly SpendDay[]): WeekdayFactors {
  const recent = days.slice(-7 * maxWeeks);
  const byWeekday = Array.from({ length: 7 }, (): number[] => []);
  for (const { day, cost } of recent) byWeekday[weekdayOf(day)]?.push(cost);
  if (byWeekday.some((costs) => costs.length < fewestWeeks)) return even;
  const medians = byWeekday.map((costs) => median(costs));
  const ordinary = mean(medians);
  if (ordinary <= 0) return even;
  return medians.map((cost) => Math.max(smallestFactor, cost / ordinary));
}

export function factorOf(factors: WeekdayFactors, day: number): number {
  return factors[weekdayOf(day)] ?? 1;
}
