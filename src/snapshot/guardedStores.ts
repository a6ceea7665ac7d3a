import type { CallOptions, Lease } from './lease.ts';
import type { SnapshotStores } from './stores.ts';

/**
 * The stores of a run: each write makes sure first that the run still has its lease, and its tries
 * end when that is lost.
 */
export function guardStores(stores: SnapshotStores, lease: Lease): SnapshotStores {
  const { usageByCustomer, usageByDay, snapshotRuns } = stores;
  const guard =
    <T>(write: (rows: T, options: CallOptions) => Promise<void>) =>
    async (rows: T) => {
      lease.assertHeld();
      await write(rows, { abortSignal: lease.lost });
    };
  return {
    ensureTables: () => stores.ensureTables(),
    lease: stores.lease,
    usageByCustomer: {
      upsertCustomer: guard((rows, options) => usageByCustomer.upsertCustomer(rows, options)),
      upsertPartner: guard((row, options) => usageByCustomer.upsertPartner(row, options)),
      upsertTotals: guard((rows, options) => usageByCustomer.upsertTotals(rows, options)),
      getPartnerSnapshot: (date) => usageByCustomer.getPartnerSnapshot(date),
      listTotals: (range) => usageByCustomer.listTotals(range),
      listHistory: (id, range, options) => usageByCustomer.listHistory(id, range, options),
      getCustomerSnapshot: (id, date) => usageByCustomer.getCustomerSnapshot(id, date),
      listSubscriptionSnapshots: (id, subscriptionIds, date) =>
        usageByCustomer.listSubscriptionSnapshots(id, subscriptionIds, date),
    },
    usageByDay: {
      upsertDay: guard((rows, options) => usageByDay.upsertDay(rows, options)),
      listDay: (date, options) => usageByDay.listDay(date, options),
      getDay: (date, id) => usageByDay.getDay(date, id),
    },
    snapshotRuns: {
      upsert: guard((run, options) => snapshotRuns.upsert(run, options)),
      list: (range, options) => snapshotRuns.list(range, options),
    },
  };
}
