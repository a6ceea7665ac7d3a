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
 *   whole history, `daysBehindOutlook` more than those that count
 * @param options.from what is made of earlier days is left out
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
