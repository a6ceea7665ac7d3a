import { type Failure, isBetterOutcome } from '../usage/usageSnapshot.ts';
import type { Capture } from './captureCustomer.ts';
import { noUsageDataCode } from './failure.ts';
import type { UsageByCustomerStore } from './stores.ts';

/**
 * A capture with those rows of the same day put in that an earlier run had better luck with: a
 * worse outcome never replaces a better one. Rows that were put in keep the `runId` of their run.
 */
export async function mergeCapture(fresh: Capture, store: UsageByCustomerStore): Promise<Capture> {
  const { customerId, snapshotDate } = fresh.customer;
  const kept = await store.getCustomerSnapshot(customerId, snapshotDate);
  if (kept && isBetterOutcome(kept.outcome, fresh.customer.outcome)) {
    const ids = kept.subscriptionIds ?? [];
    const subscriptions = await store.listSubscriptionSnapshots(customerId, ids, snapshotDate);
    // The day is as good as the customer's row only where an earlier run has it as done.
    return { customer: kept, subscriptions, listFailure: fresh.customer.failure ?? contradiction };
  }
  // The customer's row is written first, or with the others: without it there are none.
  if (!kept) return fresh;
  const subscriptionIds = fresh.customer.subscriptionIds ?? kept.subscriptionIds;
  const customer = { ...fresh.customer, ...(subscriptionIds && { subscriptionIds }) };
  const ids = fresh.subscriptions.map((each) => each.subscriptionId);
  const earlier = await store.listSubscriptionSnapshots(customerId, ids, snapshotDate);
  const earlierById = new Map(earlier.map((each) => [each.subscriptionId, each]));
  const subscriptions = fresh.subscriptions.map((one) => {
    const other = earlierById.get(one.subscriptionId);
    return other && isBetterOutcome(other.outcome, one.outcome) ? other : one;
  });
  return { ...fresh, customer, subscriptions };
}

const contradiction: Failure = {
  phase: 'summary',
  code: noUsageDataCode,
  message: 'no usage data by the summary, a cost earlier on the same day',
};
