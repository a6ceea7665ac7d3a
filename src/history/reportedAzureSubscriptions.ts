import Big from 'big.js';
import type { Amount } from '../usage/amount.ts';
import { type AzureSubscriptionSnapshot, restId } from '../usage/azureSubscriptionSnapshot.ts';
import { billingPeriodOf } from '../usage/billingPeriod.ts';
import type { PeriodItem } from '../usage/history.ts';

/** What an Azure subscription of a plan cost in a billing period. */
export interface ReportedAzureSubscription {
  azureSubscriptionId: string;
  azureSubscriptionName: string;
  totalCost: Amount;
  lastSnapshotDate: string;
}

/**
 * The Azure subscriptions of a plan in a billing period, the largest first. All are of the last day
 * on which they were recorded as a whole: an earlier total of one may be gone since.
 *
 * @param rows of the plan
 */
export function listAzureSubscriptions(
  { billingPeriodStart, currency, plan, lastSnapshotDate }: PeriodItem,
  rows: readonly AzureSubscriptionSnapshot[],
): ReportedAzureSubscription[] {
  // The records of a legacy subscription name none.
  if (plan !== 'azurePlan') return [];
  const rests = rows.filter(({ azureSubscriptionId: id }) => id === restId);
  const whole = new Set(
    rests.filter(({ outcome }) => outcome !== 'refused').map(({ snapshotDate }) => snapshotDate),
  );
  const found: ReportedAzureSubscription[] = [];
  for (const { azureSubscriptionId, azureSubscriptionName, figures, snapshotDate } of rows) {
    if (azureSubscriptionId === restId || !whole.has(snapshotDate)) continue;
    if (snapshotDate > lastSnapshotDate || figures?.currency !== currency) continue;
    if (billingPeriodOf(figures)?.start !== billingPeriodStart) continue;
    found.push({
      azureSubscriptionId,
      azureSubscriptionName: azureSubscriptionName ?? azureSubscriptionId,
      totalCost: figures.totalCost,
      lastSnapshotDate: snapshotDate,
    });
  }
  const [last] = found
    .map((row) => row.lastSnapshotDate)
    .sort()
    .reverse();
  return found
    .filter((row) => row.lastSnapshotDate === last)
    .sort((one, other) => new Big(other.totalCost).cmp(one.totalCost));
}
