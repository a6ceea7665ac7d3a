import { proxyPolicyName, tracingPolicyName } from '@azure/core-rest-pipeline';
import {
  TableClient,
  TableServiceClient,
  type TableServiceClientOptions,
} from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import type { CallOptions } from '../callOptions.ts';
import { ConfigurationError, messageOf } from '../errors.ts';
import { createAzureClientOptions } from '../network/azureClient.ts';
import { isLoopback } from '../network/loopback.ts';
import { noProxyOf, type ProxyOf } from '../network/proxy.ts';
import { sdkOptions } from './azureTable.ts';
import { toStorageError } from './sdkError.ts';
import { createTransportPolicies, type TransportOptions } from './transportPolicy.ts';

/** How to reach the storage: by key (or `UseDevelopmentStorage=true`), or by identity. */
export type TableConnection =
  | { connectionString: string }
  | { tableServiceUri: string; credential: TokenCredential };

/** The tables of one deployment. */
export interface Tables {
  usageByCustomer: TableClient;
  usageByDay: TableClient;
  usageByAzureSubscription: TableClient;
  snapshotRuns: TableClient;
  budgetAlerts: TableClient;
  /**
   * Creates the tables that are missing, once for all callers; after a failure the next call tries
   * again. The signal of the first caller ends it for all.
   *
   * @throws StorageError
   */
  ensureTables(options?: CallOptions): Promise<void>;
}

export interface TablesOptions {
  /** Put before each table's name. */
  prefix?: string | undefined;
  proxyOf?: ProxyOf | undefined;
  /**
   * Longest time for one call, its tries and the waits between them included. The default is enough
   * for five tries of the longest duration, but not for a long wait that an answer asks for.
   */
  callTimeoutMs?: number | undefined;
}

const defaultCallTimeoutMs = 5 * 60_000;

function createClientOptions(transport: TransportOptions): TableServiceClientOptions {
  return {
    ...createAzureClientOptions({ proxyOf: transport.proxyOf }),
    // Half a second, doubled each time: some 8 s in all, so that a busy partition recovers and a
    // wrong address is still reported soon. A later run repeats what failed.
    retryOptions: { maxRetries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 10_000 },
    additionalPolicies: createTransportPolicies(transport),
    // Plain http is accepted for loopback only.
    allowInsecureConnection: true,
  };
}

/**
 * The clients of the tables. Nothing is sent yet. Connections are kept alive, by the SDK's
 * own choice.
 *
 * @throws ConfigurationError for a connection that cannot be used
 */
export function createTables(
  connection: TableConnection,
  { prefix = '', proxyOf = noProxyOf, callTimeoutMs = defaultCallTimeoutMs }: TablesOptions = {},
): Tables {
  const options = createClientOptions({ proxyOf, callTimeoutMs });
  const service = createServiceClient(connection, options);
  const clients: TableClient[] = [];
  const table = (name: string): TableClient => {
    const client = createTableClient(connection, prefix + name, options);
    clients.push(client);
    return client;
  };
  let attempt: Promise<void> | undefined;
  return {
    usageByCustomer: table('UsageByCustomer'),
    usageByDay: table('UsageByDay'),
    usageByAzureSubscription: table('UsageByAzureSubscription'),
    snapshotRuns: table('SnapshotRuns'),
    budgetAlerts: table('BudgetAlerts'),
    ensureTables(options = {}) {
      attempt ??= createMissing(service, clients, options).catch((error) => {
        attempt = undefined;
        throw error;
      });
      return attempt;
    },
  };
}

async function createMissing(
  service: TableServiceClient,
  clients: TableClient[],
  options: CallOptions,
): Promise<void> {
  const creations = clients.map(async ({ tableName }) => {
    try {
      // The SDK takes 409 TableAlreadyExists, and no other conflict, for a success.
      await service.createTable(tableName, sdkOptions(options));
    } catch (error) {
      throw toStorageError(error, { table: tableName }, options);
    }
  });
  await Promise.all(creations);
}

function createServiceClient(
  connection: TableConnection,
  options: TableServiceClientOptions,
): TableServiceClient {
  const service = orConfigurationError(() =>
    'connectionString' in connection
      ? TableServiceClient.fromConnectionString(connection.connectionString, { ...options })
      : new TableServiceClient(connection.tableServiceUri, connection.credential, options),
  );
  const url = orConfigurationError(() => new URL(service.url));
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    throw new ConfigurationError([
      `storage: expected https, or http on loopback, got ${url.protocol}//${url.hostname}`,
    ]);
  }
  return service;
}

/**
 * Policies of the SDK that cost time on each request and have no effect here: the HTTP client
 * chooses the proxy itself, and no trace is collected.
 */
const unusedPolicies = [proxyPolicyName, tracingPolicyName];

function createTableClient(
  connection: TableConnection,
  name: string,
  options: TableServiceClientOptions,
): TableClient {
  const client =
    'connectionString' in connection
      ? TableClient.fromConnectionString(connection.connectionString, name, { ...options })
      : new TableClient(connection.tableServiceUri, name, connection.credential, options);
  for (const policy of unusedPolicies) client.pipeline.removePolicy({ name: policy });
  return client;
}

/** The SDK's message about a connection string names the missing part, and contains no key. */
function orConfigurationError<Result>(create: () => Result): Result {
  try {
    return create();
  } catch (error) {
    throw new ConfigurationError([`storage: ${messageOf(error)}`], { cause: error });
  }
}
