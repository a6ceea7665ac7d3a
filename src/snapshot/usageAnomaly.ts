import { type AnomalyVerdict, detectAnomaly } from '../usage/anomaly.ts';
import { addDays } from '../usage/date.ts';
import { computeDailyCosts } from '../usage/history.ts';
import { daysBehindOutlook } from '../usage/knownSpend.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import { costCurrencyOf } from '../usage/recordedCost.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { tellOf } from './unreadableRow.ts';

/** An anomaly of a day, with the row it was found for. */
export interface UsageAnomaly {
  row: LedgerRow;
  verdict: AnomalyVerdict;
}

/**
 * Looks at a day's cost against the customer's own history; undefined where it is in line.
 *
 * Whoever has spent less than the smallest anomaly in the whole period, up or down, is not looked
 * at: neither can the day be far above what is usual, nor what is usual be far above the day.
 */
export async function findAnomaly(
  row: LedgerRow,
  { stores, settings, events }: SnapshotContext,
): Promise<UsageAnomaly | undefined> {
  const { customerId, snapshotDate, cost, figures } = row;
  if (cost?.dailyCost === undefined) return undefined;
  const { minimumCost } = settings;
  const largest = Math.max(
    Math.abs(Number(cost.dailyCost)),
    Math.abs(Number(figures?.totalCost ?? 0)),
  );
  if (largest < minimumCost) return undefined;
  const range = { from: addDays(snapshotDate, -daysBehindOutlook), to: snapshotDate };
  const snapshots = await Array.fromAsync(
    stores.usageByCustomer.listHistory(customerId, range, { onUnreadable: tellOf(events) }),
  );
  const verdict = detectAnomaly(computeDailyCosts(snapshots), snapshotDate, { minimumCost });
  return verdict?.isAnomaly ? { row, verdict } : undefined;
}

export function reportAnomaly({ row, verdict }: UsageAnomaly, { events }: SnapshotContext): void {
  events.emit('usage.anomaly.detected', {
    customerId: row.customerId,
    customerName: row.customerName,
    dailyCost: Number(row.cost?.dailyCost),
    expectedCost: Number(verdict.expectedCost),
    currency: costCurrencyOf(row),
    snapshotDate: row.snapshotDate,
  });
}
