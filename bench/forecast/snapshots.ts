import { parseAmount } from '../../src/usage/amount.ts';
import type { CostSnapshot } from '../../src/usage/dailyCost.ts';
import { addDays, daysBetween } from '../../src/usage/date.ts';

import type { SpendCase } from './shapes.ts';

/**
 * The snapshots of a case: each day what the API would show, the use up to the day before. In a
 * gap it shows the figures of the month's first day again.
 */
export function snapshotsOf({ from, end, costs, gapDays }: SpendCase): CostSnapshot[] {
  const snapshots: CostSnapshot[] = [];
  for (let date = from; date < end; date = addDays(date, 1)) {
    const start = `${date.slice(0, 7)}-01`;
    const dayOfMonth = daysBetween(start, date);
    const shownUntil = dayOfMonth < gapDays ? start : date;
    const first = Math.max(0, daysBetween(from, start));
    const days = costs.slice(first, Math.max(first, daysBetween(from, shownUntil)));
    snapshots.push({
      snapshotDate: date,
      outcome: 'usage',
      figures: {
        plan: 'azurePlan',
        currency: 'EUR',
        totalCost: parseAmount(days.reduce((sum, cost) => sum + cost, 0).toFixed(6)),
        billingStartDate: `${start}T00:00:00+00:00`,
        billingEndDate: `${addDays(start, 31).slice(0, 7)}-01T00:00:00+00:00`,
        lastModifiedDate: `${shownUntil}T01:00:00+00:00`,
      },
    });
  }
  return snapshots;
}
