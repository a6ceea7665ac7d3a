import { RefusedError } from '../errors.ts';
import { forEachBounded } from '../forEachBounded.ts';
import type { Customer } from '../usage/customer.ts';
import { planOfOffer } from '../usage/plan.ts';
import { isUsageBased, type Subscription } from '../usage/subscription.ts';
import { figuresOf } from '../usage/usageFigures.ts';
import { costlier, namesCost, type SubscriptionUsageRecord } from '../usage/usageRecord.ts';
import type { Failure, SubscriptionSnapshot } from '../usage/usageSnapshot.ts';
import { type CaptureOptions, capturedNow } from './captureOptions.ts';
import { failureOf, noUsageDataCode } from './failure.ts';

interface FoundSubscription {
  subscription: Subscription;
  record?: SubscriptionUsageRecord;
}

/** Why a list of subscriptions could not be read to its end; at most one of the two. */
export interface ListEnd {
  failure?: Failure;
  /** The list is refused for this customer, so another try would be refused as well. */
  refusal?: Failure;
}

/**
 * Finds a customer's usage subscriptions and plans and asks for the summary of each. A list that
 * fails on the way still yields what it named until then, beside its failure.
 */
export async function captureSubscriptions(
  customer: Customer,
  options: CaptureOptions,
): Promise<{ subscriptions: SubscriptionSnapshot[] } & ListEnd> {
  const { found, ...end } = await findSubscriptions(customer.id, options);
  const subscriptions: SubscriptionSnapshot[] = [];
  await forEachBounded(found, options.concurrency, async (each) => {
    subscriptions.push(await captureSubscription(customer, each, options));
  });
  subscriptions.sort((a, b) => (a.subscriptionId < b.subscriptionId ? -1 : 1));
  return { subscriptions, ...end };
}

async function findSubscriptions(
  customerId: string,
  { partnerCenter, discovery, fields }: CaptureOptions,
): Promise<{ found: Iterable<FoundSubscription> } & ListEnd> {
  const found = new Map<string, FoundSubscription>();
  try {
    if (discovery === 'usagerecords') {
      for await (const page of partnerCenter.listSubscriptionUsageRecords(customerId)) {
        for (const record of page) {
          fields.note(customerId, record.unreadable);
          const { id } = record.subscription;
          const costliest = costlier(record, found.get(id)?.record ?? record);
          found.set(id, { subscription: record.subscription, record: costliest });
        }
      }
    } else {
      for await (const page of partnerCenter.listSubscriptions(customerId)) {
        for (const subscription of page.filter(isUsageBased)) {
          found.set(subscription.id, { subscription });
        }
      }
    }
  } catch (error) {
    const failure = failureOf('subscriptions', error);
    const isRefused = error instanceof RefusedError;
    return { found: found.values(), ...(isRefused ? { refusal: failure } : { failure }) };
  }
  return { found: found.values() };
}

async function captureSubscription(
  customer: Customer,
  { subscription, record }: FoundSubscription,
  options: CaptureOptions,
): Promise<SubscriptionSnapshot> {
  const base = {
    ...describe(customer, subscription),
    snapshotDate: options.snapshotDate,
    runId: options.runId,
    ...(record && { rawUsageRecord: record.raw }),
  };
  try {
    const summary = await options.partnerCenter.getSubscriptionUsageSummary(
      customer.id,
      subscription.id,
    );
    const capturedAt = capturedNow(options);
    options.fields.note(customer.id, summary?.unreadable);
    if (summary) {
      const plan = planOfOffer(subscription.offerId);
      const figures = figuresOf(summary, options.snapshotDate, plan);
      return { ...base, capturedAt, outcome: 'usage', figures, raw: summary.raw };
    }
    if (!record || !namesCost(record)) return { ...base, capturedAt, outcome: 'noUsage' };
    const failure: Failure = {
      phase: 'subscriptionSummary',
      code: noUsageDataCode,
      message: 'no usage data by the summary, a cost by subscriptions/usagerecords',
    };
    return { ...base, capturedAt, outcome: 'failed', failure };
  } catch (error) {
    const failure = failureOf('subscriptionSummary', error);
    const outcome = error instanceof RefusedError ? 'refused' : 'failed';
    return { ...base, capturedAt: capturedNow(options), outcome, failure };
  }
}

function describe(customer: Customer, { id, name, ...subscription }: Subscription) {
  const { status, partnerOnRecord, offerId } = subscription;
  return {
    resource: 'subscription' as const,
    customerId: customer.id,
    customerName: customer.name,
    subscriptionId: id,
    subscriptionName: name,
    ...(status !== undefined && { subscriptionStatus: status }),
    ...(partnerOnRecord !== undefined && { partnerOnRecord }),
    ...(offerId !== undefined && { offerId }),
  };
}
