import {
  DefaultAzureCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import { type Clock, systemClock } from '../clock.ts';
import type { HistoryConfig, StorageConfig, TablesConfig } from '../config/config.ts';
import type { HistoryContext } from '../history/historyContext.ts';
import { createIdentityOptions } from '../network/azureClient.ts';
import { createProxyOf, type ProxyOf, type ProxySettings } from '../network/proxy.ts';
import { Archive } from '../storage/archive/archive.ts';
import { DetailsArchive } from '../storage/archive/detailsArchive.ts';
import { AzureBlobContainer, type BlobConnection } from '../storage/azureBlobContainer.ts';
import type { BlobContainer } from '../storage/blobContainer.ts';
import { createStores, type Stores } from '../storage/createStores.ts';
import { createTables, type Tables } from '../storage/tables.ts';

export type { Archive } from '../storage/archive/archive.ts';
export type { CustomerRows } from '../storage/archive/customerRows.ts';
export type { DetailsArchive } from '../storage/archive/detailsArchive.ts';

/** The stores, and a function that creates missing tables. */
export type AppStores = Stores & Pick<Tables, 'ensureTables'>;

/** Longest time of one call to the tables while a user waits for the answer. */
const readTimeoutMs = 10_000;

/** For reading: an error comes soon instead of a long wait. */
export function openStores(config: TablesConfig): AppStores {
  return toStores(config, readTimeoutMs);
}

/** For runs, which can wait longer. */
export function openStoresOfRuns(config: TablesConfig): AppStores {
  return toStores(config);
}

/** For exporting rows. */
export function openExport(config: TablesConfig): Archive {
  return new Archive(openTables(config, readTimeoutMs));
}

/** For importing and removing rows; it waits as long as a run. */
export function openArchive(config: TablesConfig): Archive {
  return new Archive(openTables(config));
}

/** For copying, restoring and removing what lies below plans; nothing is sent yet. */
export function openDetailsArchive(config: TablesConfig): DetailsArchive {
  return new DetailsArchive(openDetails(config));
}

/** For queries of the history. Rows that cannot be read are skipped without a report. */
export function openHistory(config: HistoryConfig, clock: Clock = systemClock): HistoryContext {
  return {
    stores: openStores(config),
    now: () => clock.now(),
    minimumCost: config.anomalyMinimumCost,
    hasCustomerMetrics: config.hasCustomerMetrics,
    onUnreadable: () => {},
  };
}

function toStores(config: TablesConfig, callTimeoutMs?: number): AppStores {
  const tables = openTables(config, callTimeoutMs);
  const stores = createStores(tables, openDetails(config, callTimeoutMs));
  return { ...stores, ensureTables: (options) => tables.ensureTables(options) };
}

/** The container of the records below a plan; nothing is sent yet. */
function openDetails(
  { storage, tablePrefix, proxy }: TablesConfig,
  callTimeoutMs?: number,
): BlobContainer {
  const name = `${tablePrefix}usage-details`;
  return new AzureBlobContainer(name, toBlobConnection(storage, proxy), {
    proxyOf: createProxyOf(proxy),
    callTimeoutMs,
  });
}

function toBlobConnection(storage: StorageConfig, proxy: ProxySettings): BlobConnection {
  if (storage.kind === 'connectionString') {
    return { connectionString: storage.connectionString.reveal() };
  }
  const { blobServiceUri } = storage;
  return blobServiceUri === undefined
    ? { problem: 'SNAPSHOT_STORAGE__blobServiceUri: expected the URI of the blobs, got none' }
    : { blobServiceUri, credential: createCredential(storage, createProxyOf(proxy)) };
}

function openTables({ storage, tablePrefix, proxy }: TablesConfig, callTimeoutMs?: number): Tables {
  const proxyOf = createProxyOf(proxy);
  const options = { prefix: tablePrefix, proxyOf, callTimeoutMs };
  if (storage.kind === 'connectionString') {
    return createTables({ connectionString: storage.connectionString.reveal() }, options);
  }
  const { tableServiceUri } = storage;
  return createTables({ tableServiceUri, credential: createCredential(storage, proxyOf) }, options);
}

function createCredential(
  { clientId, managedIdentity }: Extract<StorageConfig, { kind: 'identity' }>,
  proxyOf: ProxyOf,
): TokenCredential {
  const client = createIdentityOptions(proxyOf);
  return managedIdentity
    ? new ManagedIdentityCredential({ ...client, ...(clientId !== undefined && { clientId }) })
    : new DefaultAzureCredential({
        ...client,
        ...(clientId !== undefined && { managedIdentityClientId: clientId }),
      });
}
