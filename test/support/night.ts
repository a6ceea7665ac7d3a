import { randomUUID } from 'node:crypto';
import type { BudgetAlertStore } from '../../src/alerts/budgetAlertStore.ts';
import { BudgetWatch } from '../../src/alerts/budgetWatch.ts';
import { createCausesOf } from '../../src/app/causesOf.ts';
import { describeCauses } from '../../src/history/causes.ts';
import { PartnerCenterClient } from '../../src/partner-center/client.ts';
import { Connection } from '../../src/partner-center/connection.ts';
import { Gate } from '../../src/partner-center/gate.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../src/simulator/simulatorOptions.ts';
import type {
  SnapshotContext,
  SnapshotServices,
  SnapshotSettings,
} from '../../src/snapshot/snapshotContext.ts';
import type { SnapshotRequest } from '../../src/snapshot/snapshotRequest.ts';
import { runSnapshot } from '../../src/snapshot/snapshotRun.ts';
import { createMemoryStores, type Stores } from '../../src/storage/createStores.ts';
import type { EventFields, EventLevel, EventName } from '../../src/telemetry/eventLog.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';
import type { CustomerSnapshot } from '../../src/usage/usageSnapshot.ts';
import {
  createInProcessCredential,
  createInProcessTransport,
  createMemoryRefreshTokenStore,
  inProcessUrl,
} from './inProcessPartner.ts';
import { VirtualClock } from './virtualClock.ts';

export interface SeenEvent {
  event: EventName;
  fields: EventFields;
  level: EventLevel | undefined;
}

export interface Night {
  clock: VirtualClock;
  simulator: Simulator;
  stores: Stores;
  events: SeenEvent[];
  /** What runs are started with; its own stores and budgets are behind no fence. */
  context: SnapshotServices & SnapshotContext;
  /** Runs to the end in virtual time. */
  run(request?: Partial<SnapshotRequest>): ReturnType<typeof runSnapshot>;
  /** The day's rows by customer id. */
  day(date?: string): Promise<Map<string, CustomerSnapshot>>;
}

/** A partner, its tables and a clock in one process: the product's own parts but for the network. */
export function createNight(
  options: SimulatorOptions & {
    start?: string;
    settings?: Partial<SnapshotSettings>;
    stores?: Stores;
    clock?: VirtualClock;
  } = {},
): Night {
  const {
    start = '2026-03-10T02:30:00Z',
    settings,
    clock = new VirtualClock(start),
    stores = createMemoryStores(clock.now),
    ...own
  } = options;
  const simulator = createSimulator({ latencyMs: 100, ...own, clock });
  const events: SeenEvent[] = [];
  const eventLog = {
    emit: (event: EventName, fields: EventFields, level?: EventLevel) =>
      void events.push({ event, fields, level }),
  };
  const random = () => 0.5;
  const credential = createInProcessCredential(simulator, {
    clock,
    events: eventLog,
    random,
    store: createMemoryRefreshTokenStore(simulator.refreshToken, clock),
  });
  const concurrency = settings?.concurrency ?? 8;
  const gate = new Gate({ concurrency, limitedPerMinute: 480, clock });
  const transport = createInProcessTransport(simulator, clock);
  const history = {
    stores,
    now: clock.now,
    minimumCost: 10,
    hasCustomerMetrics: false,
    onUnreadable: () => {},
  };
  const readCauses = async (customerId: string, date: string) => {
    // Unpacking records is real work, for which virtual time stands still.
    const letGo = clock.hold();
    try {
      return await describeCauses(customerId, date, history);
    } finally {
      letGo();
    }
  };
  const createCauses = () => createCausesOf(readCauses, { clock, events: eventLog });
  const causesOf = createCauses();
  const watchOver = (
    store: BudgetAlertStore,
    causesOf: SnapshotContext['causesOf'],
    assertWritable = () => {},
  ) =>
    new BudgetWatch({
      store,
      thresholds: { actual: [50, 75, 90, 100], forecast: [100] },
      events: eventLog,
      now: () => clock.now(),
      causesOf,
      assertWritable,
    });
  const budgets = watchOver(stores.budgetAlerts, causesOf);
  const context: Night['context'] = {
    connect: (signal, waitUntilMs, correlationId = randomUUID()) =>
      new PartnerCenterClient(
        new Connection({
          baseUrl: inProcessUrl,
          credential,
          gate,
          transport,
          clock,
          random,
          correlationId,
          signal,
          waitUntilMs,
        }),
      ),
    stores,
    budgets,
    causesOf,
    ensureTables: async () => {},
    lease: stores.lease,
    openStores(fence) {
      const ofRun = stores.openStores(fence);
      const causesOf = createCauses();
      const { usageByCustomer, usageByDay, snapshotRuns, budgetAlerts } = ofRun;
      const alerts = withReplaced(budgetAlerts, stores.budgetAlerts);
      return {
        stores: {
          usageByCustomer: withReplaced(usageByCustomer, stores.usageByCustomer),
          usageByDay: withReplaced(usageByDay, stores.usageByDay),
          snapshotRuns: withReplaced(snapshotRuns, stores.snapshotRuns),
          usageByAzureSubscription: withReplaced(
            ofRun.usageByAzureSubscription,
            stores.usageByAzureSubscription,
          ),
          usageDetails: withReplaced(ofRun.usageDetails, stores.usageDetails),
        },
        budgets: withReplaced(
          watchOver(alerts, causesOf, () => fence.assertWritable()),
          budgets,
        ),
        causesOf,
      };
    },
    events: eventLog,
    clock,
    random: Math.random,
    partnerTenantId: simulator.partnerTenantId,
    settings: {
      concurrency,
      customers: 'all',
      discovery: 'usagerecords',
      deadlineMs: 50 * 60_000,
      leaseMs: 60_000,
      minimumCost: 10,
      depth: { level: 'off', minimumCost: 1 },
      ...settings,
    },
  };
  const today = () => new Date(clock.now()).toISOString().slice(0, 10);
  return {
    clock,
    simulator,
    stores,
    events,
    context,
    run: (request = {}) => clock.run(runSnapshot({ trigger: 'timer', ...request }, context)),
    async day(date = today()) {
      const rows = await Array.fromAsync(stores.usageByDay.listDay(date));
      return new Map(rows.map((row) => [row.customerId, row]));
    },
  };
}

/** What a run has opened, with the methods that a test has put in place of the original's. */
function withReplaced<Opened extends object>(opened: Opened, original: Opened): Opened {
  return new Proxy(opened, {
    get(target, name) {
      const source = Object.hasOwn(original, name) ? original : target;
      const value: unknown = Reflect.get(source, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The run of a result that is not busy. */
export async function runOf(work: ReturnType<Night['run']>): Promise<SnapshotRun> {
  const result = await work;
  if (result.isBusy) throw new Error('expected a run, got a busy lease');
  return result.run;
}

export function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items);
}
