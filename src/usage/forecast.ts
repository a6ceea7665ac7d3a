import { type Amount, parseAmount } from './amount.ts';
import type { BillingPeriod } from './billingPeriod.ts';
import { isSameSeries } from './dailyCost.ts';
import type { DailyItem } from './history.ts';
import { createSpendView, itemsUpTo, type SpendView } from './knownSpend.ts';
import { epochDayOf } from './spend.ts';
import { ordinaryCostOf, type SpendModel } from './spendModel.ts';
import { mean } from './statistics.ts';
import type { UsageFigures } from './usageSnapshot.ts';

/** Forecast of a billing period's total at its end, in the billing currency, to 4 digits. */
export interface Forecast {
  total: Amount;
  /** The total is between `low` and `high` in about nine of ten cases, if the spending goes on. */
  low: Amount;
  high: Amount;
}

/** With less than three days of use there is no forecast. */
const fewestDays = 3;
/** Deviations to either side; more than the 1.64 of nine in ten, as the deviations are estimates. */
const width = 1.9;
/** Unforeseen changes of the level, as a part of the cost still expected. */
const unforeseen = 0.015;
/** Weight of the slope's error: slopes are what changes most often in the coming days. */
const slopeDoubt = 1.5;

/**
 * Forecasts the total of the billing period that `upTo` lies in: the cost so far, and for each day
 * of use that is not known yet the level of the last weeks, times the share of its weekday, plus
 * the average of outliers. The level is that after the last step, and follows a trend. At the
 * start of a period and in the start-of-month gap it comes from the months before.
 *
 * @param items of one resource; those of other series and after `upTo` are ignored
 * @param upTo the day of the forecast, `yyyy-MM-dd`
 * @returns undefined where less than three days of use are known, or no period that is still open
 */
export function forecastPeriod(items: readonly DailyItem[], upTo: string): Forecast | undefined {
  const known = itemsUpTo(items, upTo);
  return forecastAt(known, createSpendView(known), known.length - 1, upTo);
}

/** The same for the item at an index, with an existing view of its history. */
export function forecastAt(
  items: readonly DailyItem[],
  view: SpendView,
  index: number,
  upTo = items[index]?.date ?? '',
): Forecast | undefined {
  const current = currentTotal(items, index);
  const known = view.knownAt(index);
  if (!current || !known || upTo > current.period.end) return undefined;
  if (known.count < fewestDays) return undefined;
  if (known.days.length === 0) return forecastOf(current.total, 0, { below: 0, above: 0 });
  if (known.days.length < fewestDays) return undefined;
  return forecastWith(known.model, current);
}

interface CurrentTotal {
  total: Amount;
  period: BillingPeriod;
}

/** The last fresh total of the series that an item belongs to. */
function currentTotal(items: readonly DailyItem[], index: number): CurrentTotal | undefined {
  let series: UsageFigures | undefined;
  for (let at = index; at >= 0; at--) {
    const { dailyCost, totalCost, period, figures } = items[at] ?? {};
    if (series && figures && !isSameSeries(series, figures)) continue;
    series ??= figures;
    if (typeof dailyCost === 'string' && totalCost && period) return { total: totalCost, period };
  }
  return undefined;
}

function forecastWith(model: SpendModel, { total, period }: CurrentTotal): Forecast {
  const from = Math.max(epochDayOf(period.start), model.lastDay + 1);
  const to = epochDayOf(period.end);
  const outlierCost = mean(model.outliers);
  let cost = 0;
  for (let day = from; day < to; day++) {
    cost += Math.max(0, ordinaryCostOf(model, day) + outlierCost);
  }
  const deviation = width * deviationOfDays(model, to - from, cost);
  const shift = model.openQuestion * Math.max(0, to - from);
  return forecastOf(total, cost, {
    below: deviation + Math.max(0, -shift),
    above: deviation + Math.max(0, shift),
  });
}

/** Noise of single days evens out over many; an error of the level adds up, one of the slope grows. */
function deviationOfDays({ level, outliers }: SpendModel, days: number, cost: number) {
  const noise = days * (level.deviation ** 2 + mean(outliers.map((outlier) => outlier ** 2)));
  const error = days * (level.deviation / Math.sqrt(level.days));
  const drift = (slopeDoubt * level.slopeError * days ** 2) / 2;
  return Math.sqrt(noise + error ** 2 + drift ** 2 + (unforeseen * cost) ** 2);
}

function forecastOf(soFar: Amount, cost: number, by: { below: number; above: number }): Forecast {
  const total = Number(soFar) + cost;
  return {
    total: toAmount(total),
    // Never below the cost so far: only corrections reduce it, which a forecast does not foresee.
    low: toAmount(Math.max(Math.min(Number(soFar), total), total - by.below)),
    high: toAmount(total + by.above),
  };
}

function toAmount(value: number): Amount {
  return parseAmount(value.toFixed(4));
}
