import './v8Flags.ts';
import { randomUUID } from 'node:crypto';
import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import { BudgetWatch } from './alerts/budgetWatch.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config, HistoryConfig, PartnerCenterConfig, TablesConfig } from './config.ts';
import type { HistoryContext } from './history/historyContext.ts';
import { createIdentityOptions } from './network/azureClient.ts';
import { createProxyOf } from './network/proxy.ts';
import {
  type AuthorizationCodeFlow,
  createAuthorizationCodeFlow,
} from './partner-center/authorizationCode.ts';
import { PartnerCenterClient } from './partner-center/client.ts';
import { Connection } from './partner-center/connection.ts';
import { type Credential, createCredential } from './partner-center/credential.ts';
import { Gate } from './partner-center/gate.ts';
import {
  ageOf,
  type RefreshTokenAge,
  type RefreshTokenStore,
} from './partner-center/refreshTokenStore.ts';
import { createTransport } from './partner-center/transport.ts';
import { computeNextRun } from './schedule.ts';
import { createRefreshTokenStore, toTokenEndpoint } from './signInSettings.ts';
import { runCatchUp } from './snapshot/catchUp.ts';
import type { SnapshotContext } from './snapshot/snapshotContext.ts';
import type { SnapshotRequest } from './snapshot/snapshotRequest.ts';
import { runSnapshot, type SnapshotResult } from './snapshot/snapshotRun.ts';
import { Archive } from './storage/archive.ts';
import { createStores, type Stores } from './storage/stores.ts';
import { createTables, type Tables } from './storage/tables.ts';
import type { EventLog } from './telemetry/eventLog.ts';

export type { AuthorizationCodeFlow, SignInTokens } from './partner-center/authorizationCode.ts';
export type { PartnerCenterClient } from './partner-center/client.ts';
export type { Progress } from './snapshot/snapshotRequest.ts';
export type { SnapshotResult } from './snapshot/snapshotRun.ts';
export type { Archive } from './storage/archive.ts';

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
  /** Gives back connections. */
  close(): Promise<void>;
}

/** Of a refresh token: where it comes from, and how old it is where the store knows. */
export interface RefreshTokenFinding {
  isFromSettings: boolean;
  age: RefreshTokenAge | undefined;
}

/** What a user's sign-in takes, before there is anything to run with. */
export interface InteractiveSignIn {
  readonly flow: AuthorizationCodeFlow;
  /** Where the refresh token goes. */
  readonly refreshTokenStore: RefreshTokenStore;
  /** A client that calls with this access token, whatever is stored. */
  connect(accessToken: string, signal: AbortSignal): PartnerCenterClient;
  /** Gives back connections. */
  close(): Promise<void>;
}

/** The stores, and what creates their tables where these are missing. */
export type AppStores = Stores & Pick<Tables, 'ensureTables'>;

/** How long whoever waits for an answer waits for one call to the tables. */
const readTimeoutMs = 10_000;

/** For reading: whoever waits for the answer gets an error in place of a long wait. */
export function openStores(config: TablesConfig): AppStores {
  return toStores(openTables(config, readTimeoutMs));
}

/** Copies rows out of the tables. */
export function openExport(config: TablesConfig): Archive {
  return new Archive(openTables(config, readTimeoutMs));
}

/** Copies rows back into the tables, and removes them; it waits like a run. */
export function openArchive(config: TablesConfig): Archive {
  return new Archive(openTables(config));
}

/** What queries of the history work with. Rows that cannot be read are passed over in silence. */
export function openHistory(config: HistoryConfig, clock: Clock = systemClock): HistoryContext {
  return {
    stores: openStores(config),
    now: () => clock.now(),
    minimumCost: config.anomalyMinimumCost,
    onUnreadable: () => {},
  };
}

export function createInteractiveSignIn(
  partnerCenter: PartnerCenterConfig,
  clock: Clock = systemClock,
): InteractiveSignIn {
  const random = Math.random;
  const gate = new Gate({ concurrency: 1, limitedPerMinute: 0, clock });
  const proxyOf = createProxyOf(partnerCenter.proxy);
  const transport = createTransport({ connections: 1, proxyOf });
  const { baseUrl } = partnerCenter;
  return {
    flow: createAuthorizationCodeFlow({ ...toTokenEndpoint(partnerCenter, clock), random }),
    refreshTokenStore: createRefreshTokenStore(partnerCenter),
    connect(accessToken, signal) {
      const getToken = async () => accessToken;
      const credential = { getToken, renewToken: getToken, tokenRequests: 0 };
      const correlationId = randomUUID();
      const parts = { baseUrl, credential, gate, transport: transport.send, clock, random };
      return new PartnerCenterClient(new Connection({ ...parts, correlationId, signal }));
    },
    close: transport.close,
  };
}

/**
 * @param options.givesUpEarly for somebody who waits at a terminal: a host that cannot be reached
 * is given up within seconds, in place of being tried for minutes
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
  const stores = givesUpEarly ? openStores(config) : toStores(openTables(config));

  const connect = (signal?: AbortSignal, waitUntilMs?: number) =>
    new PartnerCenterClient(
      new Connection({
        baseUrl: partnerCenter.baseUrl,
        credential,
        gate,
        transport: transport.send,
        clock,
        random,
        correlationId: randomUUID(),
        ...(signal && { signal }),
        ...(waitUntilMs !== undefined && { waitUntilMs }),
      }),
    );
  const context: SnapshotContext = {
    connect,
    stores,
    budgets: new BudgetWatch({
      store: stores.budgetAlerts,
      thresholds: config.budgetThresholds,
      events,
      now: () => clock.now(),
    }),
    events,
    clock,
    random,
    partnerTenantId: partnerCenter.tenantId,
    settings: {
      concurrency: snapshot.concurrency,
      customers: snapshot.customers,
      discovery: snapshot.subscriptionDiscovery,
      deadlineMs: snapshot.deadlineMinutes * 60_000,
      leaseMs: snapshot.leaseSeconds * 1000,
      minimumCost: config.anomalyMinimumCost,
    },
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
    runSnapshot: (request) => runSnapshot(request, context),
    runCatchUp: (signal) => runCatchUp({ nextNightlyMs, signal }, context),
    close: transport.close,
  };
}

function toStores(tables: Tables): AppStores {
  return { ...createStores(tables), ensureTables: (options) => tables.ensureTables(options) };
}

function openTables({ storage, tablePrefix, proxy }: TablesConfig, callTimeoutMs?: number): Tables {
  const proxyOf = createProxyOf(proxy);
  const options = { prefix: tablePrefix, proxyOf, callTimeoutMs };
  if (storage.kind === 'connectionString') {
    return createTables({ connectionString: storage.connectionString.reveal() }, options);
  }
  const { tableServiceUri, clientId, managedIdentity } = storage;
  const client = createIdentityOptions(proxyOf);
  const credential = managedIdentity
    ? new ManagedIdentityCredential({ ...client, ...(clientId !== undefined && { clientId }) })
    : new DefaultAzureCredential({
        ...client,
        ...(clientId !== undefined && { managedIdentityClientId: clientId }),
      });
  return createTables({ tableServiceUri, credential }, options);
}
