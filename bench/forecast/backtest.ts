import { addDays, daysBetween } from '../../src/usage/date.ts';
import { forecastPeriod } from '../../src/usage/forecast.ts';
import { computeDailyCosts, type DailyItem } from '../../src/usage/history.ts';

import { createSpendCase, type Shape, type SpendCase } from './shapes.ts';
import { snapshotsOf } from './snapshots.ts';

/** Days of the month on which a forecast is made. */
export const forecastDays = [3, 5, 8, 10, 15, 20, 25] as const;

export const methods = ['ours', 'run rate', '7-day mean'] as const;
export type Method = (typeof methods)[number];

/** One forecast, by each method, against the actual total of the month. */
export interface Trial {
  dayOfPeriod: number;
  /** Absolute error as a part of the actual total. */
  errors: Record<Method, number>;
  isCovered: boolean;
  /** Whether an unforeseeable change is still to come. */
  isSurprised: boolean;
  /** From low to high, as a part of the actual total. */
  width: number;
}

export interface ShapeResult {
  trials: Trial[];
  /** Days on which too little was known for a forecast. */
  absent: number;
}

/** Forecasts each case of a shape on each of the days. */
export function backtest(shape: Shape, seeds: number): ShapeResult {
  const result: ShapeResult = { trials: [], absent: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const spendCase = createSpendCase(shape, seed);
    const items = computeDailyCosts(snapshotsOf(spendCase));
    for (const dayOfPeriod of forecastDays) {
      if (addDays(spendCase.start, dayOfPeriod - 1) <= spendCase.from) continue;
      const trial = tryForecast(spendCase, items, dayOfPeriod);
      if (trial) result.trials.push(trial);
      else result.absent++;
    }
  }
  return result;
}

function tryForecast(
  { from, start, end, costs, surpriseAt = -1 }: SpendCase,
  items: DailyItem[],
  dayOfPeriod: number,
): Trial | undefined {
  const date = addDays(start, dayOfPeriod - 1);
  const forecast = forecastPeriod(items, date);
  if (!forecast) return undefined;
  const actual = costs.slice(Math.max(0, daysBetween(from, start))).reduce((a, b) => a + b, 0);
  const low = Number(forecast.low);
  const high = Number(forecast.high);
  const errorOf = (total: number) => Math.abs(total - actual) / actual;
  return {
    dayOfPeriod,
    errors: {
      ours: errorOf(Number(forecast.total)),
      'run rate': errorOf(runRate(items, date, end)),
      '7-day mean': errorOf(trailingMean(items, date, end)),
    },
    isCovered: low <= actual && actual <= high,
    isSurprised: surpriseAt >= daysBetween(from, date),
    width: (high - low) / actual,
  };
}

/** Spend so far ÷ days elapsed × days in the period; elapsed are the days that figures are of. */
function runRate(items: DailyItem[], date: string, end: string): number {
  const start = `${date.slice(0, 7)}-01`;
  return (spentAt(items, date) / daysBetween(start, date)) * daysBetween(start, end);
}

/** Spend so far + mean daily cost of the last seven days × remaining days. */
function trailingMean(items: DailyItem[], date: string, end: string): number {
  const weekAgo = addDays(date, -7);
  const first = items[0]?.date ?? date;
  const since = first > weekAgo ? first : weekAgo;
  const recent = items.filter(
    (item) => item.dailyCost !== null && item.date > since && item.date <= date,
  );
  // A period's first day has no day of use yet, and would distort the mean.
  const counted = recent.filter((item) => item.date !== item.period?.start);
  const days = counted.reduce((sum, { daysCovered }) => sum + daysCovered, 0);
  const cost = counted.reduce((sum, { dailyCost }) => sum + Number(dailyCost), 0);
  if (days === 0) return runRate(items, date, end);
  return spentAt(items, date) + (cost / days) * daysBetween(date, end);
}

function spentAt(items: DailyItem[], date: string): number {
  return Number(items.find((item) => item.date === date)?.totalCost ?? 0);
}

/** Mean absolute percentage error. */
export function errorOf(trials: readonly Trial[], method: Method): number {
  return 100 * averageOf(trials.map(({ errors }) => errors[method]));
}

/** Percent of the actual totals that lay between low and high. */
export function coverageOf(trials: readonly Trial[]): number {
  return 100 * averageOf(trials.map(({ isCovered }) => (isCovered ? 1 : 0)));
}

export function averageOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
