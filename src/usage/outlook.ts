import { type AnomalyOptions, type AnomalyVerdict, anomalyAt } from './anomaly.ts';
import { type Forecast, forecastAt } from './forecast.ts';
import type { DailyItem } from './history.ts';
import { createSpendView } from './knownSpend.ts';

/** What the days up to a day say of it and of its period's end. */
export interface Outlook {
  /** Absent where `forecastPeriod` has none. */
  forecast?: Forecast;
  /** Absent where `detectAnomaly` has none. */
  anomaly?: AnomalyVerdict;
}

/**
 * Forecast and anomaly of each item, as they were on its day: the same as one by one, at a
 * fraction of the time.
 *
 * @param items of one resource, as `computeDailyCosts` gives them; for the same answers as of the
 *   whole history, three months more than what is to be shown
 */
export function computeOutlooks(items: readonly DailyItem[], options: AnomalyOptions): Outlook[] {
  const view = createSpendView(items);
  return items.map((_, index) => {
    const forecast = forecastAt(items, view, index);
    const anomaly = anomalyAt(items, view, index, options);
    return { ...(forecast && { forecast }), ...(anomaly && { anomaly }) };
  });
}
