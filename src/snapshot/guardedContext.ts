import type { CallOptions, Lease } from './lease.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import type { SnapshotStores } from './stores.ts';

/**
 * What a run works with: each write makes sure first that the run still has its lease, and its
 * tries end when that is lost.
 */
export function guardContext(context: SnapshotContext, lease: Lease): SnapshotContext {
  const beginWrite = (): CallOptions => {
    lease.assertHeld();
    return { abortSignal: lease.lost };
  };
  const { budgets } = context;
  return {
    ...context,
    stores: guardStores(context.stores, beginWrite),
    budgets: {
      evaluate: (position, options) => budgets.evaluate(position, { ...options, beginWrite }),
      hasUndelivered: (date) => budgets.hasUndelivered(date),
      deliver: (date, options) => budgets.deliver(date, { ...options, beginWrite }),
    },
  };
}

function guardStores(stores: SnapshotStores, beginWrite: () => CallOptions): SnapshotStores {
  const { usageByCustomer, usageByDay, snapshotRuns } = stores;
  const guard =
    <T>(write: (rows: T, options: CallOptions) => Promise<void>) =>
    async (rows: T) => {
      await write(rows, beginWrite());
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
      listUndeliveredAnomalies: (range, options) =>
        usageByDay.listUndeliveredAnomalies(range, options),
      getDay: (date, id) => usageByDay.getDay(date, id),
    },
    snapshotRuns: {
      upsert: guard((run, options) => snapshotRuns.upsert(run, options)),
      list: (range, options) => snapshotRuns.list(range, options),
    },
  };
}
