import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type {
  CustomerSnapshot,
  PartnerSnapshot,
  SubscriptionSnapshot,
} from '../usage/usageSnapshot.ts';
import type { LeaseStore } from './lease.ts';

/** The tables, as a run needs them. Every write replaces the row of the same resource and day. */

/** `UsageByCustomer`: what each resource has spent, a history for each. */
export interface UsageByCustomerStore {
  /** One customer and its subscriptions, in one transaction where they fit into one. */
  upsertCustomer(snapshots: (CustomerSnapshot | SubscriptionSnapshot)[]): Promise<void>;
  upsertPartner(snapshot: PartnerSnapshot): Promise<void>;
  upsertTotals(totals: CurrencyTotal[]): Promise<void>;
  getPartnerSnapshot(date: string): Promise<PartnerSnapshot | undefined>;
  /** Both dates inclusive. */
  listTotals(range: { from: string; to: string }): AsyncIterable<CurrencyTotal>;
  getCustomerSnapshot(customerId: string, date: string): Promise<CustomerSnapshot | undefined>;
  /** Those that are there; absent ones are left out. */
  listSubscriptionSnapshots(
    customerId: string,
    subscriptionIds: readonly string[],
    date: string,
  ): Promise<SubscriptionSnapshot[]>;
}

/** `UsageByDay`: ledger and ranking of a day, one row for each customer that was captured. */
export interface UsageByDayStore {
  upsertDay(snapshots: CustomerSnapshot[]): Promise<void>;
  listDay(date: string): AsyncIterable<CustomerSnapshot>;
  getDay(date: string, customerId: string): Promise<CustomerSnapshot | undefined>;
}

/** `SnapshotRuns`. */
export interface SnapshotRunsStore {
  upsert(run: SnapshotRun): Promise<void>;
  /** By run id, so by the time of their start; both dates inclusive. */
  list(range: { from: string; to: string }): AsyncIterable<SnapshotRun>;
}

export interface SnapshotStores {
  /** Creates the tables that are missing. */
  ensureTables(): Promise<void>;
  usageByCustomer: UsageByCustomerStore;
  usageByDay: UsageByDayStore;
  snapshotRuns: SnapshotRunsStore;
  lease: LeaseStore;
}
