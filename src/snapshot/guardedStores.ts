import type { Lease } from './lease.ts';
import type { SnapshotStores } from './stores.ts';

/** The stores of a run: each write makes sure first that the run still has its lease. */
export function guardStores(stores: SnapshotStores, lease: Lease): SnapshotStores {
  const { usageByCustomer, usageByDay, snapshotRuns } = stores;
  const guard =
    <T>(write: (rows: T) => Promise<void>) =>
    async (rows: T) => {
      lease.assertHeld();
      await write(rows);
    };
  return {
    ensureTables: () => stores.ensureTables(),
    lease: stores.lease,
    usageByCustomer: {
      upsertCustomer: guard((rows) => usageByCustomer.upsertCustomer(rows)),
      upsertPartner: guard((row) => usageByCustomer.upsertPartner(row)),
      upsertTotals: guard((rows) => usageByCustomer.upsertTotals(rows)),
      getPartnerSnapshot: (date) => usageByCustomer.getPartnerSnapshot(date),
      listTotals: (range) => usageByCustomer.listTotals(range),
      getCustomerSnapshot: (id, date) => usageByCustomer.getCustomerSnapshot(id, date),
      listSubscriptionSnapshots: (id, subscriptionIds, date) =>
        usageByCustomer.listSubscriptionSnapshots(id, subscriptionIds, date),
    },
    usageByDay: {
      upsertDay: guard((rows) => usageByDay.upsertDay(rows)),
      listDay: (date) => usageByDay.listDay(date),
      getDay: (date, id) => usageByDay.getDay(date, id),
    },
    snapshotRuns: {
      upsert: guard((run) => snapshotRuns.upsert(run)),
      list: (range) => snapshotRuns.list(range),
    },
  };
}
