import type { CallOptions, Fence } from '../callOptions.ts';
import type { Clock } from '../clock.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import type { Budgets } from './budgets.ts';
import type { SubscriptionDiscovery } from './captureOptions.ts';
import type { CausesOf } from './causesOf.ts';
import type { DepthSettings } from './depthContext.ts';
import type { LeaseStore } from './lease.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import type { SnapshotStores } from './snapshotStores.ts';

export interface SnapshotSettings {
  /** Maximum of requests in flight to Partner Center. */
  concurrency: number;
  /** Whether all listed customers are asked for, or only those in the usage records. */
  customers: 'all' | 'usage';
  discovery: SubscriptionDiscovery;
  /** After this a run takes no new customers. */
  deadlineMs: number;
  /** After this a dead run's lease is free. */
  leaseMs: number;
  /** A smaller change of a day's cost is never an anomaly; billing currency. */
  minimumCost: number;
  depth: DepthSettings;
}

/** The tables behind the fence of one run, its budget alerts, and what caused them. */
export interface RunStores {
  stores: SnapshotStores;
  budgets: Budgets;
  causesOf: CausesOf;
}

/** What a run works with. */
export interface SnapshotContext extends Surroundings, RunStores {}

/** What runs are started with. */
export interface SnapshotServices extends Surroundings {
  /** Creates the tables that are missing. */
  ensureTables(options?: CallOptions): Promise<void>;
  lease: LeaseStore;
  /** Every call of these stores passes the fence before it reaches a table. */
  openStores(fence: Fence): RunStores;
}

interface Surroundings {
  /**
   * A client of the run's own, with a correlation id of its own unless one is given. `signal` ends its requests; a pause
   * that the API asks for is waited out until `waitUntilMs` at the latest (since the epoch).
   */
  connect(signal: AbortSignal, waitUntilMs: number, correlationId?: string): PartnerCenter;
  events: EventLog;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  partnerTenantId: string;
  settings: SnapshotSettings;
}
