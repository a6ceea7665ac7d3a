import type { DailyItem } from './api.ts';
import { addDays } from './dates.ts';

/** A cost of several days is drawn over all of them, a share on each, so that areas are costs. */
export function sharesOf(
  items: readonly Pick<DailyItem, 'date' | 'dailyCost' | 'daysCovered'>[],
): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { date, dailyCost, daysCovered } of items) {
    if (dailyCost === null) continue;
    const days = Math.max(1, daysCovered);
    for (let back = 0; back < days; back++) {
      shares.set(addDays(date, -back), Number(dailyCost) / days);
    }
  }
  return shares;
}
