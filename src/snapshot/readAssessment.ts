import { type Assessment, assessDay } from '../usage/assessment.ts';
import type { CostSnapshot } from '../usage/dailyCost.ts';
import { addDays } from '../usage/date.ts';
import { daysBehindOutlook } from '../usage/knownSpend.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { reportUnreadable } from './unreadableRow.ts';

/**
 * Assesses a customer's day by its own rows of the days before.
 *
 * @throws what the table threw
 */
export async function readAssessment(
  { customerId, snapshotDate, outcome, figures }: CostSnapshot & { customerId: string },
  { stores, settings, events }: Pick<SnapshotContext, 'stores' | 'settings' | 'events'>,
): Promise<Assessment> {
  const snapshot = { snapshotDate, outcome, ...(figures && { figures }) };
  const range = {
    from: addDays(snapshotDate, -daysBehindOutlook),
    to: addDays(snapshotDate, -1),
  };
  // A day with neither figures nor "no usage" has no known cost.
  const isCostUnknown = figures === undefined && outcome !== 'noUsage';
  const before = isCostUnknown
    ? []
    : await Array.fromAsync(
        stores.usageByCustomer.listHistory(customerId, range, {
          onUnreadable: reportUnreadable(events),
        }),
      );
  return assessDay(before, snapshot, { minimumCost: settings.minimumCost });
}
