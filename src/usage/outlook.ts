import { type AnomalyOptions, type AnomalyVerdict, anomalyAt } from './anomaly.ts';
import { type Forecast, forecastAt } from './forecast.ts';
import type { DailyItem } from './history.ts';
import { createSpendView } from './knownSpend.ts';

/** Forecast and anomaly of a day, from the days up to it. */
export interface Outlook {
  /** Absent where `forecastPeriod` has none. */
  forecast?: Forecast;
  /** Absent where `detectAnomaly` has none. */
  anomaly?: AnomalyVerdict;
}

/**
 * Forecast and anomaly of each item, as of its day: the same results as one by one, in a fraction
 * of the time.
 *
 * @param items of one resource, as `computeDailyCosts` returns them. Results are those of the whole
 *   history if there are `daysBehindOutlook` items before `from`
 * @param options.from earlier items get an empty outlook
 */
export function computeOutlooks(
  items: readonly DailyItem[],
  { from = '', ...options }: AnomalyOptions & { from?: string },
): Outlook[] {
  const view = createSpendView(items);
  return items.map(({ date }, index) => {
    if (date < from) return {};
    const forecast = forecastAt(items, view, index);
    const anomaly = anomalyAt(items, view, index, options);
    return { ...(forecast && { forecast }), ...(anomaly && { anomaly }) };
  });
}
