import { isBetterOutcome, type Outcome } from '../usage/usageSnapshot.ts';
import type { Capture } from './captureCustomer.ts';
import type { UsageByCustomerStore } from './stores.ts';

/** Of two rows of one resource and day the one to keep: a worse outcome never replaces a better. */
function betterOf<T extends { outcome: Outcome }>(kept: T | undefined, fresh: T): T {
  return kept && isBetterOutcome(kept.outcome, fresh.outcome) ? kept : fresh;
}

/**
 * A capture with those rows of the same day put in that an earlier run had better luck with.
 */
export async function mergeCapture(fresh: Capture, store: UsageByCustomerStore): Promise<Capture> {
  const { customerId, snapshotDate } = fresh.customer;
  const kept = await store.getCustomerSnapshot(customerId, snapshotDate);
  const customer = betterOf(kept, fresh.customer);
  const freshById = new Map(fresh.subscriptions.map((each) => [each.subscriptionId, each]));
  // Where the list could not be read, what an earlier run found counts as well.
  const earlierIds = customer.subscriptionIds ?? kept?.subscriptionIds ?? [];
  const ids = new Set([...freshById.keys(), ...earlierIds]);
  const keptById = new Map(
    (await store.listSubscriptionSnapshots(customerId, [...ids], snapshotDate)).map((each) => [
      each.subscriptionId,
      each,
    ]),
  );
  const subscriptions = [...ids].flatMap((id) => {
    const one = freshById.get(id);
    const other = keptById.get(id);
    const better = one ? betterOf(other, one) : other;
    return better ? [better] : [];
  });
  return { ...fresh, customer, subscriptions };
}
