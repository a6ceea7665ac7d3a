import type { ProxySettings } from '../network/proxy.ts';
import type { Secret } from '../secret.ts';

/** Settings, checked. Secrets are wrapped, so that printing a `Config` shows none of them. */
export interface Config extends HistoryConfig, HttpAccess {
  partnerCenter: PartnerCenterConfig;
  snapshot: SnapshotConfig;
  /** Percent of budget, ascending: of the cost so far, and of that at the period's end. */
  budgetThresholds: { actual: number[]; forecast: number[] };
}

/** Settings for reading and writing the tables. */
export interface TablesConfig {
  storage: StorageConfig;
  /** Put before each table name; may be empty. */
  tablePrefix: string;
  proxy: ProxySettings;
}

/** Settings for queries of the history. */
export interface HistoryConfig extends TablesConfig {
  /** A change smaller than this is never an anomaly; in the billing currency. */
  anomalyMinimumCost: number;
  /** Whether the metrics have figures of each customer. */
  hasCustomerMetrics: boolean;
}

/** Who may see data over HTTP. */
export interface HttpAccess {
  httpAuth: 'key' | 'signIn';
  /** Whether App Service authenticates callers before the app sees them. */
  isPlatformAuthEnabled: boolean;
}

export interface PartnerCenterConfig {
  cloud: Cloud;
  /** Without a slash at the end. */
  baseUrl: string;
  /** Without a slash at the end. */
  authorityHost: string;
  tenantId: string;
  clientId: string;
  clientAuthentication:
    | { kind: 'secret'; secret: Secret }
    | { kind: 'certificate'; path: string }
    | { kind: 'managedIdentity' };
  refreshToken:
    | { kind: 'keyVault'; vaultUri: string; secretName: string; initialToken?: Secret | undefined }
    | { kind: 'file'; path: string; initialToken?: Secret | undefined }
    | { kind: 'environment'; token: Secret };
  /** Client id of the user-assigned identity, for Key Vault and the assertion. */
  managedIdentityClientId?: string | undefined;
  /** Budget of the two lists with a documented limit; 0 is none. */
  requestsPerMinute: number;
  proxy: ProxySettings;
}

export type StorageConfig =
  | {
      kind: 'connectionString';
      connectionString: Secret;
    }
  | {
      kind: 'identity';
      /** Without a slash at the end. */
      tableServiceUri: string;
      /** The same of the blobs; absent where it can neither be read nor derived. */
      blobServiceUri?: string | undefined;
      clientId?: string | undefined;
      /** Whether only a managed identity is used, not a developer's sign-in. */
      managedIdentity: boolean;
    };

export interface SnapshotConfig extends Schedules {
  /** Maximum of requests in flight to Partner Center. */
  concurrency: number;
  customers: 'all' | 'usage';
  subscriptionDiscovery: 'usagerecords' | 'subscriptions';
  deadlineMinutes: number;
  leaseSeconds: number;
  /** What is kept below a plan: nothing, a row of each Azure subscription, or all records as well. */
  depth: 'off' | 'azureSubscriptions' | 'resources';
  /** Plans that have spent less in the period have no depth; in the billing currency. */
  depthMinimumCost: number;
}

/** NCRONTAB expressions of six fields, UTC. */
export interface Schedules {
  schedule: string;
  catchUpSchedule: string;
}

export type Cloud = keyof typeof clouds;

/** Partner Center: REST URLs. Both clouds have the same API base, but not the same sign-in host. */
export const clouds = {
  global: {
    baseUrl: 'https://api.partnercenter.microsoft.com',
    authorityHost: 'https://login.microsoftonline.com',
  },
  usgov: {
    baseUrl: 'https://api.partnercenter.microsoft.com',
    authorityHost: 'https://login.microsoftonline.us',
  },
} as const;
