import type { Clock } from '../clock.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import type { BudgetWatch } from './budgetWatch.ts';
import type { SubscriptionDiscovery } from './captureOptions.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import type { SnapshotStores } from './stores.ts';

export interface SnapshotSettings {
  /** Most requests in flight to Partner Center. */
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
}

/** What runs work with. */
export interface SnapshotContext {
  /**
   * A client of the run's own, with a correlation id of its own. `signal` ends its requests; a pause
   * that the API asks for is waited out until `waitUntilMs` at the latest (since the epoch).
   */
  connect(signal: AbortSignal, waitUntilMs: number): PartnerCenter;
  stores: SnapshotStores;
  budgets: BudgetWatch;
  events: EventLog;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  partnerTenantId: string;
  settings: SnapshotSettings;
}
