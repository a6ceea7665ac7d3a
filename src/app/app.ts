import './v8Flags.ts';
import { randomUUID } from 'node:crypto';
import { BudgetWatch } from '../alerts/budgetWatch.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { computeNextRun } from '../config/schedule.ts';
import { describeCauses } from '../history/causes.ts';
import { createProxyOf } from '../network/proxy.ts';
import { createTransport } from '../network/transport.ts';
import { PartnerCenterClient } from '../partner-center/client.ts';
import { Connection, type ConnectionOptions } from '../partner-center/connection.ts';
import { Gate } from '../partner-center/gate.ts';
import { type Credential, createCredential } from '../sign-in/credential.ts';
import { ageOf, type RefreshTokenAge } from '../sign-in/refreshTokenStore.ts';
import { runCatchUp } from '../snapshot/catchUp.ts';
import type { SnapshotServices, SnapshotSettings } from '../snapshot/snapshotContext.ts';
import type { SnapshotRequest } from '../snapshot/snapshotRequest.ts';
import { runSnapshot, type SnapshotResult } from '../snapshot/snapshotRun.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import { createCausesOf } from './causesOf.ts';
import { type AppStores, openHistory, openStores, openStoresOfRuns } from './openTables.ts';
import { createRefreshTokenStore, toTokenEndpoint } from './signInParts.ts';
import { growYoungGeneration } from './v8Flags.ts';

export type { PartnerCenterClient } from '../partner-center/client.ts';
export type { AuthorizationCodeFlow, SignInTokens } from '../sign-in/authorizationCode.ts';
export type { Progress } from '../snapshot/snapshotRequest.ts';
export type { SnapshotResult } from '../snapshot/snapshotRun.ts';

/** The product, put together from its settings. Nothing is connected before it is used. */
export interface App {
  /** A client whose requests share a correlation id; all clients share one gate and credential. */
  connect(signal?: AbortSignal): PartnerCenterClient;
  readonly credential: Credential;
  /** The age of the refresh token, without the token; `undefined` where none is stored. */
  inspectRefreshToken(): Promise<RefreshTokenFinding | undefined>;
  readonly stores: AppStores;
  /** Throws as `runSnapshot` of the snapshot room does. */
  runSnapshot(request: SnapshotRequest): Promise<SnapshotResult>;
  /** Throws as `runSnapshot`. */
  runCatchUp(signal: AbortSignal): Promise<SnapshotResult[]>;
  /** Closes connections. */
  close(): Promise<void>;
}

/** Where a refresh token comes from, and its age where the store knows it. */
export interface RefreshTokenFinding {
  isFromSettings: boolean;
  age: RefreshTokenAge | undefined;
}

/**
 * @param options.givesUpEarly for interactive use: a host that cannot be reached fails within
 * seconds, instead of being tried for minutes
 */
export function createApp(
  config: Config,
  events: EventLog,
  clock: Clock = systemClock,
  { givesUpEarly = false }: { givesUpEarly?: boolean } = {},
): App {
  const { partnerCenter, snapshot } = config;
  const random = Math.random;
  const refreshTokenStore = createRefreshTokenStore(partnerCenter, { givesUpEarly });
  const credential = createCredential({
    ...toTokenEndpoint(partnerCenter, clock),
    givesUpEarly,
    store: refreshTokenStore,
    random,
    events,
  });
  const gate = new Gate({
    concurrency: snapshot.concurrency,
    limitedPerMinute: partnerCenter.requestsPerMinute,
    clock,
  });
  const transport = createTransport({
    connections: snapshot.concurrency,
    proxyOf: createProxyOf(partnerCenter.proxy),
    givesUpEarly,
  });
  const stores = givesUpEarly ? openStores(config) : openStoresOfRuns(config);

  const history = openHistory(config, clock);

  const parts = { baseUrl: partnerCenter.baseUrl, credential, gate, clock, random };
  const connect = createConnect({ ...parts, transport: transport.send });
  const services: SnapshotServices = {
    connect,
    ensureTables: stores.ensureTables,
    lease: stores.lease,
    openStores(fence) {
      const ofRun = stores.openStores(fence);
      const causesOf = createCausesOf(
        (customerId, date) => describeCauses(customerId, date, history),
        { clock, events },
      );
      const budgets = new BudgetWatch({
        store: ofRun.budgetAlerts,
        thresholds: config.budgetThresholds,
        events,
        now: () => clock.now(),
        causesOf,
        assertWritable: () => fence.assertWritable(),
      });
      return { stores: ofRun, budgets, causesOf };
    },
    events,
    clock,
    random,
    partnerTenantId: partnerCenter.tenantId,
    settings: toSnapshotSettings(config),
  };
  const nextNightlyMs = (afterMs: number) => computeNextRun(snapshot.schedule, afterMs);
  return {
    connect,
    credential,
    async inspectRefreshToken() {
      const stored = await refreshTokenStore.get();
      const isFromSettings = stored?.isFromSettings === true;
      return stored && { isFromSettings, age: ageOf(stored, clock.now()) };
    },
    stores,
    runSnapshot(request) {
      growYoungGeneration();
      return runSnapshot(request, services);
    },
    runCatchUp(signal) {
      growYoungGeneration();
      return runCatchUp({ nextNightlyMs, signal }, services);
    },
    close: transport.close,
  };
}

/** Makes clients that share these parts, each with a correlation id of its own. */
function createConnect(parts: Omit<ConnectionOptions, 'correlationId'>) {
  return (signal?: AbortSignal, waitUntilMs?: number, correlationId: string = randomUUID()) =>
    new PartnerCenterClient(
      new Connection({
        ...parts,
        correlationId,
        ...(signal && { signal }),
        ...(waitUntilMs !== undefined && { waitUntilMs }),
      }),
    );
}

function toSnapshotSettings({ snapshot, anomalyMinimumCost }: Config): SnapshotSettings {
  return {
    concurrency: snapshot.concurrency,
    customers: snapshot.customers,
    discovery: snapshot.subscriptionDiscovery,
    deadlineMs: snapshot.deadlineMinutes * 60_000,
    leaseMs: snapshot.leaseSeconds * 1000,
    minimumCost: anomalyMinimumCost,
    depth: { level: snapshot.depth, minimumCost: snapshot.depthMinimumCost },
  };
}
