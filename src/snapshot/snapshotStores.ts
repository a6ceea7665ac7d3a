import type { CallOptions, ListOptions } from '../callOptions.ts';
import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import type { LedgerRow } from '../usage/ledgerRow.ts';
import type { RecordedDay } from '../usage/recordedDay.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type {
  CustomerSnapshot,
  PartnerSnapshot,
  SubscriptionSnapshot,
} from '../usage/usageSnapshot.ts';
import type { UsageByAzureSubscriptionStore, UsageDetailsStore } from './depthContext.ts';

/** The tables, as a run needs them. Every write replaces the row of the same resource and day. */

/** `UsageByCustomer`: a history of the cost of each resource. */
export interface UsageByCustomerStore {
  /** One customer and its subscriptions, in one transaction where they fit into one. */
  upsertCustomer(
    snapshots: (CustomerSnapshot | SubscriptionSnapshot)[],
    options?: CallOptions,
  ): Promise<void>;
  upsertPartner(snapshot: PartnerSnapshot, options?: CallOptions): Promise<void>;
  upsertTotals(totals: CurrencyTotal[], options?: CallOptions): Promise<void>;
  getPartnerSnapshot(date: string, options?: CallOptions): Promise<PartnerSnapshot | undefined>;
  /** Both dates inclusive. */
  listTotals(
    range: { from: string; to: string },
    options?: ListOptions,
  ): AsyncIterable<CurrencyTotal>;
  getCustomerSnapshot(
    customerId: string,
    date: string,
    options?: CallOptions,
  ): Promise<CustomerSnapshot | undefined>;
  /** A customer's own snapshots, the oldest first. */
  listHistory(
    customerId: string,
    range: { from: string; to: string },
    options?: ListOptions,
  ): AsyncIterable<RecordedDay>;
  /** Those that are there; absent ones are left out. */
  listSubscriptionSnapshots(
    customerId: string,
    subscriptionIds: readonly string[],
    date: string,
    options?: CallOptions,
  ): Promise<SubscriptionSnapshot[]>;
}

/** `UsageByDay`: ledger and ranking of a day, one row for each customer that was captured. */
export interface UsageByDayStore {
  /** @throws RowsRefusedError that names rows which cannot be stored, once all the others are */
  upsertDay(rows: LedgerRow[], options?: CallOptions): Promise<void>;
  /** By customer id. */
  listDay(date: string, options?: ListOptions): AsyncIterable<LedgerRow>;
  /** Rows with an anomaly that is not delivered; both dates inclusive. */
  listUndeliveredAnomalies(
    range: { from: string; to: string },
    options?: ListOptions,
  ): AsyncIterable<LedgerRow>;
  getDay(date: string, customerId: string, options?: CallOptions): Promise<LedgerRow | undefined>;
}

/** `SnapshotRuns`. */
export interface SnapshotRunsStore {
  upsert(run: SnapshotRun, options?: CallOptions): Promise<void>;
  /** By run id, so by the time of their start; both dates inclusive. */
  list(range: { from: string; to: string }, options?: ListOptions): AsyncIterable<SnapshotRun>;
}

export interface SnapshotStores {
  usageByCustomer: UsageByCustomerStore;
  usageByDay: UsageByDayStore;
  snapshotRuns: SnapshotRunsStore;
  usageByAzureSubscription: UsageByAzureSubscriptionStore;
  usageDetails: UsageDetailsStore;
}
