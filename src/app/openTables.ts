import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import { type Clock, systemClock } from '../clock.ts';
import type { HistoryConfig, TablesConfig } from '../config/config.ts';
import type { HistoryContext } from '../history/historyContext.ts';
import { createIdentityOptions } from '../network/azureClient.ts';
import { createProxyOf } from '../network/proxy.ts';
import { Archive } from '../storage/archive/archive.ts';
import { createStores, type Stores } from '../storage/createStores.ts';
import { createTables, type Tables } from '../storage/tables.ts';

export type { Archive } from '../storage/archive/archive.ts';
export type { CustomerRows } from '../storage/archive/customerRows.ts';

/** The stores, and a function that creates missing tables. */
export type AppStores = Stores & Pick<Tables, 'ensureTables'>;

/** Longest time of one call to the tables while a user waits for the answer. */
const readTimeoutMs = 10_000;

/** For reading: an error comes soon instead of a long wait. */
export function openStores(config: TablesConfig): AppStores {
  return toStores(openTables(config, readTimeoutMs));
}

/** For runs, which can wait longer. */
export function openStoresOfRuns(config: TablesConfig): AppStores {
  return toStores(openTables(config));
}

/** For exporting rows. */
export function openExport(config: TablesConfig): Archive {
  return new Archive(openTables(config, readTimeoutMs));
}

/** For importing and removing rows; it waits as long as a run. */
export function openArchive(config: TablesConfig): Archive {
  return new Archive(openTables(config));
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
