import type { CallOptions, ListOptions } from '../callOptions.ts';
import type { AzureSubscriptionSnapshot } from '../usage/azureSubscriptionSnapshot.ts';
import type { DateRange } from '../usage/date.ts';

/** What is kept below a plan. */
export interface DepthSettings {
  level: 'off' | 'azureSubscriptions' | 'resources';
  /** Plans that have spent less in the period are left out; in the billing currency. */
  minimumCost: number;
}

/** `UsageByAzureSubscription`. Every write replaces the row of the same resource and day. */
export interface UsageByAzureSubscriptionStore {
  /** Those of a plan, in their order. */
  upsert(rows: readonly AzureSubscriptionSnapshot[], options?: CallOptions): Promise<void>;
  /** Those of a plan, both dates inclusive. */
  list(
    query: DateRange & { customerId: string; subscriptionId: string },
    options?: ListOptions,
  ): AsyncIterable<AzureSubscriptionSnapshot>;
}

/** The records of plans as received, in blobs. */
export interface UsageDetailsStore {
  /** Creates what is missing. */
  ensureContainer(options?: CallOptions): Promise<void>;
  /** Replaces the records of a plan on a day. */
  write(
    day: { customerId: string; subscriptionId: string; snapshotDate: string },
    gzip: Uint8Array,
    options?: CallOptions,
  ): Promise<void>;
}
