import { detectAnomaly } from '../usage/anomaly.ts';
import { billingPeriodOf } from '../usage/billingPeriod.ts';
import { addDays, daysBetween } from '../usage/date.ts';
import { computeDailyCosts } from '../usage/history.ts';
import { daysBehindOutlook } from '../usage/knownSpend.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import type { UsageAnomaly } from './anomalyTeller.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { tellOf } from './unreadableRow.ts';

/** Looks at a day's cost against the customer's own history; undefined where it is in line. */
export async function findAnomaly(
  row: LedgerRow,
  { stores, settings, events }: SnapshotContext,
): Promise<UsageAnomaly | undefined> {
  const { customerId, snapshotDate } = row;
  const { minimumCost } = settings;
  if (!isWorthALook(row, minimumCost)) return undefined;
  const range = { from: addDays(snapshotDate, -daysBehindOutlook), to: snapshotDate };
  const snapshots = await Array.fromAsync(
    stores.usageByCustomer.listHistory(customerId, range, { onUnreadable: tellOf(events) }),
  );
  const verdict = detectAnomaly(computeDailyCosts(snapshots), snapshotDate, { minimumCost });
  return verdict?.isAnomaly ? { row, verdict } : undefined;
}

/** By then cost that vanished with the period before has been seen to be gone. */
const daysOfNewPeriod = 20;

/**
 * Whether a day can be an anomaly at all: not where its period, well under way, has cost less than
 * the smallest one so far, nor where there has been no usage for long.
 */
function isWorthALook({ snapshotDate, cost, figures }: LedgerRow, minimumCost: number): boolean {
  if (cost?.dailyCost === undefined) return false;
  if (Math.abs(Number(cost.dailyCost)) >= minimumCost) return true;
  if (Math.abs(Number(figures?.totalCost ?? 0)) >= minimumCost) return true;
  // What was usual is that of the period before.
  const begin = figures ? billingPeriodOf(figures).start : cost.carried?.fresh.at(-1)?.period.end;
  return begin !== undefined && daysBetween(begin, snapshotDate) < daysOfNewPeriod;
}
