import { computeAzureSubscriptionRows, daysBehindDetails } from '../usage/azureSubscriptionRows.ts';
import { type AzureSubscriptionSnapshot, restId } from '../usage/azureSubscriptionSnapshot.ts';
import { billingPeriodOf, computePeriodEndsMs } from '../usage/billingPeriod.ts';
import { addDays } from '../usage/date.ts';
import type { UsageDetails } from '../usage/usageDetails.ts';
import type { SubscriptionSnapshot, UsageFigures } from '../usage/usageSnapshot.ts';
import type { FieldReport } from './fieldReport.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { reportUnreadable } from './unreadableRow.ts';

/** A plan, or legacy subscription, whose cost was captured. */
export type CapturedPlan = SubscriptionSnapshot & { figures: UsageFigures };

export interface PlanDetailsOptions {
  runId: string;
  partnerCenter: PartnerCenter;
  fields: FieldReport;
  context: SnapshotContext;
}

const dayMs = 24 * 60 * 60_000;

/**
 * Captures what the cost of a plan consists of, as far as it was not captured since the plan's own
 * row: first the records as received, then the rows of its Azure subscriptions.
 *
 * @returns whether anything was captured; not where it was before, or the plan's billing period is
 * not shown any more
 * @throws what Partner Center or a table threw
 */
export async function capturePlanDetails(
  plan: CapturedPlan,
  options: PlanDetailsOptions,
): Promise<boolean> {
  const { runId, context } = options;
  const { stores, settings, clock, events } = context;
  const { customerId, subscriptionId, snapshotDate } = plan;
  const range = { from: addDays(snapshotDate, -daysBehindDetails), to: snapshotDate };
  const rows = stores.usageByAzureSubscription.list(
    { customerId, subscriptionId, ...range },
    { onUnreadable: reportUnreadable(events) },
  );
  const before: AzureSubscriptionSnapshot[] = [];
  const sameDay: AzureSubscriptionSnapshot[] = [];
  for await (const row of rows) (row.snapshotDate === snapshotDate ? sameDay : before).push(row);
  if (isDone(plan, sameDay)) return false;
  const read = await readOfPeriod(plan, options);
  if (read === 'over') return false;
  options.fields.note(customerId, read?.unreadable);
  const capturedAt = new Date(clock.now()).toISOString();
  if (read && settings.depth.level === 'resources') {
    const day = { customerId, subscriptionId, snapshotDate };
    await stores.usageDetails.write(day, read.ndjsonGzip);
  }
  await stores.usageByAzureSubscription.upsert(
    computeAzureSubscriptionRows({ plan, details: read, before, sameDay, runId, capturedAt }),
  );
  return true;
}

/** Whether there are details at least as new as the plan's own row: the rest is written last. */
function isDone(plan: CapturedPlan, sameDay: readonly AzureSubscriptionSnapshot[]): boolean {
  const rest = sameDay.find(({ azureSubscriptionId: id }) => id === restId);
  return rest !== undefined && Date.parse(rest.capturedAt) >= Date.parse(plan.capturedAt);
}

/**
 * The records name no period. Where another one may have begun since the plan's row was captured,
 * they are taken only if the summaries directly before and after name the period of that row.
 */
async function readOfPeriod(
  { customerId, subscriptionId, figures }: CapturedPlan,
  { partnerCenter, context: { clock } }: PlanDetailsOptions,
): Promise<UsageDetails | undefined | 'over'> {
  const readDetails = () => partnerCenter.getUsageDetails(customerId, subscriptionId, figures);
  const isNearEnd = computePeriodEndsMs(figures).some((endMs) => clock.now() >= endMs - dayMs);
  if (!isNearEnd) return readDetails();
  const start = billingPeriodOf(figures)?.start;
  const isPeriodShown = async () => {
    const summary = await partnerCenter.getSubscriptionUsageSummary(customerId, subscriptionId);
    return summary !== undefined && billingPeriodOf(summary)?.start === start;
  };
  if (!(await isPeriodShown())) return 'over';
  const details = await readDetails();
  return (await isPeriodShown()) ? details : 'over';
}
