import type { z } from 'zod';
import { ConfigurationError } from '../errors.ts';
import type { ProxySettings } from '../network/proxy.ts';
import {
  type Config,
  clouds,
  type HistoryConfig,
  type PartnerCenterConfig,
  type TablesConfig,
} from './config.ts';
import { type GivenSettings, isTrue, settingsIn } from './givenSettings.ts';
import {
  checkClientProof,
  checkRefreshToken,
  checkStorage,
  type SettingRule,
} from './settingRules.ts';
import {
  allSettings,
  historySettings,
  httpSettings,
  partnerCenterSettings,
  storageSettings,
} from './settings.ts';

type StorageSettings = z.output<typeof storageSettings>;
type PartnerCenterSettings = z.output<typeof partnerCenterSettings>;

/**
 * All settings of the app.
 *
 * @throws ConfigurationError with one line for each problem
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const settings = parse(allSettings, env, [checkClientProof, checkRefreshToken, checkStorage]);
  return {
    partnerCenter: toPartnerCenter(settings),
    ...toHistory(settings),
    snapshot: {
      schedule: settings.SNAPSHOT_SCHEDULE,
      catchUpSchedule: settings.SNAPSHOT_CATCH_UP_SCHEDULE,
      concurrency: settings.SNAPSHOT_CONCURRENCY,
      customers: settings.SNAPSHOT_CUSTOMERS,
      subscriptionDiscovery: settings.SNAPSHOT_SUBSCRIPTION_DISCOVERY,
      deadlineMinutes: settings.SNAPSHOT_DEADLINE_MINUTES,
      leaseSeconds: settings.SNAPSHOT_LEASE_SECONDS,
      depth: settings.SNAPSHOT_DEPTH,
      depthMinimumCost: settings.SNAPSHOT_DEPTH_MINIMUM_COST,
    },
    budgetThresholds: {
      actual: settings.BUDGET_THRESHOLDS,
      forecast: settings.BUDGET_FORECAST_THRESHOLDS,
    },
    httpAuth: settings.HTTP_AUTH,
    isPlatformAuthEnabled: isTrue(settings.WEBSITE_AUTH_ENABLED),
  };
}

/**
 * Only the settings for signing in to Partner Center, so that `login` needs no storage.
 *
 * @throws ConfigurationError with one line for each problem
 */
export function loadPartnerCenterConfig(env: NodeJS.ProcessEnv = process.env): PartnerCenterConfig {
  return toPartnerCenter(parse(partnerCenterSettings, env, [checkClientProof, checkRefreshToken]));
}

/**
 * Only the settings for reading and writing the tables, which need no sign-in to Partner Center.
 *
 * @throws ConfigurationError with one line for each problem
 */
export function loadStorageConfig(env: NodeJS.ProcessEnv = process.env): TablesConfig {
  return toStorage(parse(storageSettings, env, [checkStorage]));
}

/**
 * Only the settings for queries, which need no sign-in to Partner Center.
 *
 * @throws ConfigurationError with one line for each problem
 */
export function loadHistoryConfig(env: NodeJS.ProcessEnv = process.env): HistoryConfig {
  return toHistory(parse(historySettings, env, [checkStorage]));
}

/**
 * Only the settings for the HTTP functions: queries and access.
 *
 * @throws ConfigurationError with one line for each problem
 */
export function loadHttpConfig(env: NodeJS.ProcessEnv = process.env): HistoryConfig {
  return toHistory(parse(httpSettings, env, [checkStorage]));
}

/** The proxy settings of the environment, for callers that generate all other settings. */
export function readProxySettings(env: NodeJS.ProcessEnv = process.env): GivenSettings {
  const { HTTPS_PROXY, HTTP_PROXY, NO_PROXY } = settingsIn(env);
  return { HTTPS_PROXY, HTTP_PROXY, NO_PROXY };
}

function parse<S extends z.ZodObject>(
  schema: S,
  env: NodeJS.ProcessEnv,
  rules: SettingRule[],
): z.output<S> {
  const given = settingsIn(env);
  const result = schema.safeParse(given);
  const issues = result.error?.issues ?? [];
  const problems = [
    ...issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    ...rules.flatMap((rule) => rule(given)),
  ];
  if (!result.success || problems.length > 0) throw new ConfigurationError(problems);
  return result.data;
}

function toPartnerCenter(settings: PartnerCenterSettings): PartnerCenterConfig {
  const hosts = clouds[settings.PARTNER_CENTER_CLOUD];
  return {
    cloud: settings.PARTNER_CENTER_CLOUD,
    baseUrl: settings.PARTNER_CENTER_BASE_URL ?? hosts.baseUrl,
    authorityHost: settings.PARTNER_CENTER_AUTHORITY_HOST ?? hosts.authorityHost,
    tenantId: settings.PARTNER_CENTER_TENANT_ID,
    clientId: settings.PARTNER_CENTER_CLIENT_ID,
    clientAuthentication: toClientAuthentication(settings),
    refreshToken: toRefreshToken(settings),
    managedIdentityClientId: settings.AZURE_CLIENT_ID,
    requestsPerMinute: settings.PARTNER_CENTER_REQUESTS_PER_MINUTE,
    proxy: toProxy(settings),
  };
}

function toClientAuthentication(
  settings: PartnerCenterSettings,
): PartnerCenterConfig['clientAuthentication'] {
  const {
    PARTNER_CENTER_CLIENT_SECRET: clientSecret,
    PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: path,
  } = settings;
  if (clientSecret) return { kind: 'secret', secret: clientSecret };
  if (path) return { kind: 'certificate', path };
  return { kind: 'managedIdentity' };
}

function toRefreshToken(settings: PartnerCenterSettings): PartnerCenterConfig['refreshToken'] {
  const {
    KEY_VAULT_URI: vaultUri,
    PARTNER_CENTER_REFRESH_TOKEN_SECRET_NAME: secretName,
    PARTNER_CENTER_REFRESH_TOKEN_FILE: path,
    PARTNER_CENTER_REFRESH_TOKEN: token,
  } = settings;
  if (vaultUri) return { kind: 'keyVault', vaultUri, secretName, initialToken: token };
  if (path) return { kind: 'file', path, initialToken: token };
  if (token) return { kind: 'environment', token };
  throw new ConfigurationError(checkRefreshToken({}));
}

function toHistory(settings: z.output<typeof historySettings>): HistoryConfig {
  return {
    ...toStorage(settings),
    anomalyMinimumCost: settings.ANOMALY_MINIMUM_COST,
    hasCustomerMetrics: settings.METRICS_PER_CUSTOMER === 'true',
  };
}

function toProxy(settings: StorageSettings | PartnerCenterSettings): ProxySettings {
  const { HTTPS_PROXY: httpsProxy, HTTP_PROXY: httpProxy, NO_PROXY: noProxy } = settings;
  return { httpsProxy, httpProxy, noProxy };
}

function toStorage(settings: StorageSettings): TablesConfig {
  const tablePrefix = settings.SNAPSHOT_TABLE_PREFIX;
  const proxy = toProxy(settings);
  const tableServiceUri = settings.SNAPSHOT_STORAGE__tableServiceUri;
  if (settings.SNAPSHOT_STORAGE) {
    const connectionString = settings.SNAPSHOT_STORAGE;
    return { storage: { kind: 'connectionString', connectionString }, tablePrefix, proxy };
  }
  if (!tableServiceUri) throw new ConfigurationError(checkStorage({}));
  return {
    storage: {
      kind: 'identity',
      tableServiceUri,
      blobServiceUri: settings.SNAPSHOT_STORAGE__blobServiceUri ?? blobUriOf(tableServiceUri),
      clientId: settings.SNAPSHOT_STORAGE__clientId,
      managedIdentity: settings.SNAPSHOT_STORAGE__credential !== undefined,
    },
    tablePrefix,
    proxy,
  };
}

/** Of the same account: `<account>.table.<suffix>` in all clouds. */
function blobUriOf(tableServiceUri: string): string | undefined {
  const ofBlobs = tableServiceUri.replace(/^(https?:\/\/[^./]+)\.table\./, '$1.blob.');
  return ofBlobs === tableServiceUri ? undefined : ofBlobs;
}
