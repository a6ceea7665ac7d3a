import { UnreadableError } from '../errors.ts';
import { computeAzureSubscriptionRows } from '../usage/azureSubscriptionRows.ts';
import { type AzureSubscriptionSnapshot, restId } from '../usage/azureSubscriptionSnapshot.ts';
import { billingPeriodOf, computePeriodEndsMs } from '../usage/billingPeriod.ts';
import { addDays } from '../usage/date.ts';
import type { UsageDetails } from '../usage/usageDetails.ts';
import { figuresOf } from '../usage/usageFigures.ts';
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

const longestPeriodDays = 31;
/** Whether something was spent before a period decides whether its first figures are stale. */
const daysBeforePeriod = 8;
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
  const range = { from: firstDayBehind(plan), to: snapshotDate };
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
  const { plan: shown, details } = read;
  options.fields.note(customerId, details?.unreadable);
  // Seen in passing, it may be the last total that is shown of the period.
  if (shown !== plan) await stores.usageByCustomer.upsertCustomer([shown]);
  if (details && settings.depth.level === 'resources') {
    await stores.usageDetails.write(
      { customerId, subscriptionId, snapshotDate },
      details.ndjsonGzip,
    );
  }
  const capturedAt = new Date(clock.now()).toISOString();
  await stores.usageByAzureSubscription.upsert(
    computeAzureSubscriptionRows({ plan: shown, details, before, sameDay, runId, capturedAt }),
  );
  return true;
}

/** The first day whose rows are needed: the daily costs of a period are computed within it. */
function firstDayBehind({ snapshotDate, figures }: CapturedPlan): string {
  const start = billingPeriodOf(figures)?.start ?? addDays(snapshotDate, -longestPeriodDays);
  return addDays(start, -daysBeforePeriod);
}

/** Whether there are details at least as new as the plan's own row: the rest is written last. */
function isDone(plan: CapturedPlan, sameDay: readonly AzureSubscriptionSnapshot[]): boolean {
  const rest = sameDay.find(({ azureSubscriptionId: id }) => id === restId);
  return rest !== undefined && Date.parse(rest.capturedAt) >= Date.parse(plan.capturedAt);
}

/** A plan with the records that belong to its total; none where Partner Center has no records. */
interface ReadPlan {
  plan: CapturedPlan;
  details: UsageDetails | undefined;
}

/**
 * The records name no period. Where another one may have begun since the plan's row was captured,
 * they are taken only if the summaries directly before and after name the period of that row.
 */
async function readOfPeriod(
  plan: CapturedPlan,
  options: PlanDetailsOptions,
): Promise<ReadPlan | 'over'> {
  const { customerId, subscriptionId, figures } = plan;
  const { partnerCenter, context } = options;
  const readDetails = () => partnerCenter.getUsageDetails(customerId, subscriptionId, figures);
  const nowMs = context.clock.now();
  const isNearEnd = computePeriodEndsMs(figures).some((endMs) => nowMs >= endMs - dayMs);
  if (!isNearEnd) return { plan, details: await readDetails() };
  if (!(await readPlanAgain(plan, options))) return 'over';
  const details = await readDetails();
  const again = await readPlanAgain(plan, options);
  return again ? { plan: again, details } : 'over';
}

/**
 * The plan with its figures as they are now; `undefined` where its period is not shown any more.
 *
 * @throws UnreadableError for a summary without a period, or none before the period can be over
 */
async function readPlanAgain(
  plan: CapturedPlan,
  { partnerCenter, runId, context: { clock } }: PlanDetailsOptions,
): Promise<CapturedPlan | undefined> {
  const { customerId, subscriptionId, snapshotDate } = plan;
  const summary = await partnerCenter.getSubscriptionUsageSummary(customerId, subscriptionId);
  const what = `subscription ${subscriptionId} of customer ${customerId}`;
  if (!summary) {
    const [endMs = 0] = computePeriodEndsMs(plan.figures);
    if (clock.now() >= endMs) return undefined;
    // Its row has a cost, so that this answer, which comes with no period, can be wrong.
    throw new UnreadableError('NO_USAGE', `expected a summary of ${what}, got "no usage"`);
  }
  const figures = figuresOf(summary, snapshotDate, plan.figures.plan);
  const period = billingPeriodOf(figures);
  if (!period) {
    throw new UnreadableError('NO_PERIOD', `expected a summary with a billing period of ${what}`);
  }
  if (period.start !== billingPeriodOf(plan.figures)?.start) return undefined;
  const { totalCost, lastModifiedDate } = plan.figures;
  const isSame = figures.totalCost === totalCost && figures.lastModifiedDate === lastModifiedDate;
  const capturedAt = new Date(clock.now()).toISOString();
  if (isSame) return plan;
  const { name: subscriptionName = plan.subscriptionName, raw } = summary;
  return { ...plan, runId, capturedAt, figures, subscriptionName, raw };
}
