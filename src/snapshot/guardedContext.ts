import type { CallOptions, Lease } from './lease.ts';
import type { LastCalls, RunEnd } from './runEnd.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import type {
  SnapshotRunsStore,
  SnapshotStores,
  UsageByCustomerStore,
  UsageByDayStore,
} from './stores.ts';

type Kind = 'read' | 'write';

/** Every method of a store, and the place of its options: the compiler misses none of them. */
type Calls<Store> = { [Name in keyof Store]: [Kind, PlaceOfOptions<Store[Name]>] };
type PlaceOfOptions<Method> = Method extends (...args: infer Args) => unknown
  ? Required<Args> extends [...infer Before, CallOptions]
    ? Before['length']
    : never
  : never;

const usageByCustomerCalls: Calls<UsageByCustomerStore> = {
  upsertCustomer: ['write', 1],
  upsertPartner: ['write', 1],
  upsertTotals: ['write', 1],
  getPartnerSnapshot: ['read', 1],
  listTotals: ['read', 1],
  listHistory: ['read', 2],
  getCustomerSnapshot: ['read', 2],
  listSubscriptionSnapshots: ['read', 3],
};
const usageByDayCalls: Calls<UsageByDayStore> = {
  upsertDay: ['write', 1],
  listDay: ['read', 1],
  listUndeliveredAnomalies: ['read', 1],
  getDay: ['read', 2],
};
const snapshotRunsCalls: Calls<SnapshotRunsStore> = {
  upsert: ['write', 1],
  list: ['read', 1],
};

/**
 * What a run works with: every call to a store ends with the run, and each write makes sure first
 * that the run still has its lease.
 *
 * @param lease absent before there is one: nothing is written then
 */
export function guardContext(
  context: SnapshotContext,
  end: RunEnd,
  lease?: Lease,
): SnapshotContext {
  const begin = (kind: Kind, last: LastCalls): CallOptions => {
    if (kind === 'write') lease?.assertHeld();
    return { abortSignal: end.callSignal(last) };
  };
  const calls = {
    beginRead: () => begin('read', 'rows'),
    beginWrite: () => begin('write', 'rows'),
  };
  const { budgets } = context;
  return {
    ...context,
    stores: guardStores(context.stores, begin),
    budgets: {
      evaluate: (position, options) => budgets.evaluate(position, { ...options, ...calls }),
      hasUndelivered: (date) => budgets.hasUndelivered(date, calls),
      deliver: (date, options) => budgets.deliver(date, { ...options, ...calls }),
    },
  };
}

function guardStores(
  stores: SnapshotStores,
  begin: (kind: Kind, last: LastCalls) => CallOptions,
): SnapshotStores {
  const { usageByCustomer, usageByDay, snapshotRuns } = stores;
  const beginRows = (kind: Kind) => begin(kind, 'rows');
  return {
    ensureTables: (options) => stores.ensureTables(options),
    lease: stores.lease,
    usageByCustomer: guardStore(usageByCustomer, usageByCustomerCalls, beginRows),
    usageByDay: guardStore(usageByDay, usageByDayCalls, beginRows),
    snapshotRuns: guardStore(snapshotRuns, snapshotRunsCalls, (kind) => begin(kind, 'record')),
  };
}

/** A store whose calls have the options that `begin` gives at the time. */
function guardStore<Store extends object>(
  store: Store,
  calls: Calls<Store>,
  begin: (kind: Kind) => CallOptions,
): Store {
  const methods = store as Record<string, (...args: unknown[]) => unknown>;
  const guarded = Object.entries<[Kind, number]>(calls).map(([name, [kind, place]]) => {
    const call = (args: unknown[]) => {
      const options = { ...(args[place] as CallOptions | undefined), ...begin(kind) };
      return methods[name]?.(...args.slice(0, place), options);
    };
    // What keeps a write from being made is its rejection.
    const guard = kind === 'write' ? async (...args: unknown[]) => call(args) : undefined;
    return [name, guard ?? ((...args: unknown[]) => call(args))];
  });
  return Object.fromEntries(guarded) as Store;
}
