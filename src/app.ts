import { randomUUID } from 'node:crypto';
import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import { type Clock, systemClock } from './clock.ts';
import type { Config, HistoryConfig, StorageConfig } from './config.ts';
import type { HistoryContext } from './history/historyContext.ts';
import { PartnerCenterClient } from './partner-center/client.ts';
import {
  type ClientAuthentication,
  createAssertionAuthentication,
  createCertificateAuthentication,
  createSecretAuthentication,
} from './partner-center/clientAuthentication.ts';
import { Connection } from './partner-center/connection.ts';
import { type Credential, createCredential } from './partner-center/credential.ts';
import { Gate } from './partner-center/gate.ts';
import { createManagedIdentityAssertion } from './partner-center/managedIdentityAssertion.ts';
import { createRefreshTokenFile } from './partner-center/refreshTokenFile.ts';
import {
  createRefreshTokenKeyVault,
  createSecretVault,
} from './partner-center/refreshTokenKeyVault.ts';
import {
  createReadOnlyRefreshTokenStore,
  type RefreshTokenStore,
  startingFrom,
} from './partner-center/refreshTokenStore.ts';
import { createTransport } from './partner-center/transport.ts';
import { computeNextRun } from './schedule.ts';
import { runCatchUp } from './snapshot/catchUp.ts';
import type { SnapshotContext } from './snapshot/snapshotContext.ts';
import type { SnapshotRequest } from './snapshot/snapshotRequest.ts';
import { runSnapshot, type SnapshotResult } from './snapshot/snapshotRun.ts';
import { Archive } from './storage/archive.ts';
import { createStores, type Stores } from './storage/stores.ts';
import { createTables, type TableConnection } from './storage/tables.ts';
import type { EventLog } from './telemetry/eventLog.ts';

export type { Progress } from './snapshot/snapshotRequest.ts';
export type { SnapshotResult } from './snapshot/snapshotRun.ts';
export type { Archive } from './storage/archive.ts';

/** The product, put together from its settings. Nothing is connected before it is used. */
export interface App {
  /** A client whose requests share a correlation id; all clients share one gate and credential. */
  connect(signal?: AbortSignal): PartnerCenterClient;
  readonly credential: Credential;
  readonly refreshTokenStore: RefreshTokenStore;
  readonly stores: AppStores;
  /** Throws as `runSnapshot` of the snapshot room does. */
  runSnapshot(request: SnapshotRequest): Promise<SnapshotResult>;
  /** Throws as `runSnapshot`. */
  runCatchUp(signal: AbortSignal): Promise<SnapshotResult[]>;
  /** Gives back connections. */
  close(): Promise<void>;
}

/** The stores, and what creates their tables where these are missing. */
export type AppStores = Stores & { ensureTables(): Promise<void> };

export function openStores({
  storage,
  tablePrefix,
}: Pick<HistoryConfig, 'storage' | 'tablePrefix'>): AppStores {
  const tables = createTables(toTableConnection(storage), { prefix: tablePrefix });
  return { ...createStores(tables), ensureTables: () => tables.ensureTables() };
}

/** Copies rows out of the tables and back, and removes them. */
export function openArchive({
  storage,
  tablePrefix,
}: Pick<Config, 'storage' | 'tablePrefix'>): Archive {
  return new Archive(createTables(toTableConnection(storage), { prefix: tablePrefix }));
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

export function createApp(config: Config, events: EventLog, clock: Clock = systemClock): App {
  const { partnerCenter, snapshot } = config;
  const random = Math.random;
  const refreshTokenStore = createRefreshTokenStore(config);
  const credential = createCredential({
    authorityHost: partnerCenter.authorityHost,
    tenantId: partnerCenter.tenantId,
    clientId: partnerCenter.clientId,
    clientAuthentication: createClientAuthentication(config, clock),
    store: refreshTokenStore,
    clock,
    random,
    events,
  });
  const gate = new Gate({
    concurrency: snapshot.concurrency,
    limitedPerMinute: partnerCenter.requestsPerMinute,
    clock,
  });
  const transport = createTransport({ connections: snapshot.concurrency });
  const stores = openStores(config);

  const connect = (signal?: AbortSignal) =>
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
      }),
    );
  const context: SnapshotContext = {
    connect,
    stores,
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
    refreshTokenStore,
    stores,
    runSnapshot: (request) => runSnapshot(request, context),
    runCatchUp: (signal) => runCatchUp({ nextNightlyMs, signal }, context),
    close: transport.close,
  };
}

function createClientAuthentication({ partnerCenter }: Config, clock: Clock): ClientAuthentication {
  const { clientAuthentication, cloud, managedIdentityClientId: clientId } = partnerCenter;
  switch (clientAuthentication.kind) {
    case 'secret':
      return createSecretAuthentication(clientAuthentication.secret.reveal());
    case 'certificate':
      return createCertificateAuthentication({ path: clientAuthentication.path, clock });
    case 'managedIdentity':
      return createAssertionAuthentication(createManagedIdentityAssertion({ cloud, clientId }));
  }
}

function createRefreshTokenStore({ partnerCenter }: Config): RefreshTokenStore {
  const { refreshToken, managedIdentityClientId } = partnerCenter;
  if (refreshToken.kind === 'environment') {
    return createReadOnlyRefreshTokenStore(refreshToken.token.reveal());
  }
  const store =
    refreshToken.kind === 'file'
      ? createRefreshTokenFile(refreshToken.path)
      : createRefreshTokenKeyVault({
          vault: createSecretVault({ vaultUri: refreshToken.vaultUri, managedIdentityClientId }),
          secretName: refreshToken.secretName,
        });
  const { initialToken } = refreshToken;
  return initialToken ? startingFrom(initialToken.reveal(), store) : store;
}

function toTableConnection(storage: StorageConfig): TableConnection {
  if (storage.kind === 'connectionString') {
    return { connectionString: storage.connectionString.reveal() };
  }
  const { tableServiceUri, clientId, managedIdentity } = storage;
  const identity = clientId === undefined ? {} : { managedIdentityClientId: clientId };
  const credential = managedIdentity
    ? new ManagedIdentityCredential(clientId === undefined ? {} : { clientId })
    : new DefaultAzureCredential(identity);
  return { tableServiceUri, credential };
}
