import * as z from 'zod';
import { defaultSchedules } from './schedule.ts';
import {
  amount,
  baseUrl,
  connectionString,
  guid,
  list,
  matching,
  oneOf,
  percents,
  proxyUrl,
  schedule,
  secret,
  text,
  vaultUrl,
  wholeNumber,
} from './settingKind.ts';

/** What is kept below a plan. */
export const depthLevels = ['off', 'azureSubscriptions', 'resources'] as const;

/** Every setting: its name, its kind, its default. `Config` documents their meaning. */

const cloudsWithoutUsage = new Map([
  ['china', 'Partner Center operated by 21Vianet has no Azure usage API'],
  ['germany', 'Microsoft Cloud Germany is retired'],
]);

const cloud = z.string().transform((value, context): string => {
  const why = cloudsWithoutUsage.get(value);
  if (why) context.addIssue(`expected "global" or "usgov", got "${value}": ${why}`);
  return value;
});

/** Settings of every connection. */
const proxyShape = {
  HTTPS_PROXY: proxyUrl.optional(),
  HTTP_PROXY: proxyUrl.optional(),
  NO_PROXY: list('a list of hosts').default([]),
};

const storageShape = {
  ...proxyShape,
  SNAPSHOT_STORAGE: connectionString.optional(),
  SNAPSHOT_STORAGE__tableServiceUri: baseUrl.optional(),
  SNAPSHOT_STORAGE__blobServiceUri: baseUrl.optional(),
  SNAPSHOT_STORAGE__credential: oneOf('managedidentity').optional(),
  SNAPSHOT_STORAGE__clientId: guid.optional(),
  SNAPSHOT_TABLE_PREFIX: matching(
    'a lower-case letter followed by up to 19 lower-case letters or digits',
    /^[a-z][a-z0-9]{0,19}$/,
  ).default(''),
};

/** Settings for queries, with those of the tables. */
const historyShape = {
  ...storageShape,
  ANOMALY_MINIMUM_COST: amount.default(10),
  METRICS_PER_CUSTOMER: oneOf('true', 'false').default('false'),
};

/** Who may see data over HTTP. */
const httpAuthShape = {
  HTTP_AUTH: oneOf('key', 'signIn').default('key'),
  WEBSITE_AUTH_ENABLED: text('true or false').optional(),
};

/** Settings for signing in to Partner Center and calling it. */
const partnerCenterShape = {
  ...proxyShape,
  PARTNER_CENTER_CLOUD: cloud.pipe(oneOf('global', 'usgov')).default('global'),
  PARTNER_CENTER_BASE_URL: baseUrl.optional(),
  PARTNER_CENTER_AUTHORITY_HOST: baseUrl.optional(),
  PARTNER_CENTER_TENANT_ID: guid,
  PARTNER_CENTER_CLIENT_ID: guid,
  PARTNER_CENTER_CLIENT_SECRET: secret('a client secret').optional(),
  PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: text('a path').optional(),
  PARTNER_CENTER_CLIENT_ASSERTION: oneOf('managed-identity').optional(),
  AZURE_CLIENT_ID: guid.optional(),
  KEY_VAULT_URI: vaultUrl.optional(),
  PARTNER_CENTER_REFRESH_TOKEN_SECRET_NAME: matching(
    'up to 127 letters, digits and hyphens',
    /^[\da-zA-Z-]{1,127}$/,
  ).default('partner-center-refresh-token'),
  PARTNER_CENTER_REFRESH_TOKEN_FILE: text('a path').optional(),
  PARTNER_CENTER_REFRESH_TOKEN: secret('a refresh token', (value) => !/\s/.test(value)).optional(),
  PARTNER_CENTER_REQUESTS_PER_MINUTE: wholeNumber(0, 100_000).default(480),
};

const allShape = {
  ...partnerCenterShape,
  ...historyShape,
  SNAPSHOT_SCHEDULE: schedule.default(defaultSchedules.schedule),
  SNAPSHOT_CATCH_UP_SCHEDULE: schedule.default(defaultSchedules.catchUpSchedule),
  ...httpAuthShape,
  SNAPSHOT_CONCURRENCY: wholeNumber(1, 256).default(16),
  SNAPSHOT_CUSTOMERS: oneOf('all', 'usage').default('all'),
  SNAPSHOT_SUBSCRIPTION_DISCOVERY: oneOf('usagerecords', 'subscriptions').default('usagerecords'),
  // The Functions host ends a run after 75 minutes; 10 of them are reserved for finishing.
  SNAPSHOT_DEADLINE_MINUTES: wholeNumber(1, 65).default(50),
  SNAPSHOT_LEASE_SECONDS: wholeNumber(15, 3600).default(60),
  SNAPSHOT_DEPTH: oneOf(...depthLevels).default('resources'),
  SNAPSHOT_DEPTH_MINIMUM_COST: amount.default(1),
  BUDGET_THRESHOLDS: percents.default([50, 75, 90, 100]),
  BUDGET_FORECAST_THRESHOLDS: percents.default([100]),
};

/** Settings for the tables. */
export const storageSettings = z.object(storageShape);
export const historySettings = z.object(historyShape);
export const httpSettings = z.object({ ...historyShape, ...httpAuthShape });
export const partnerCenterSettings = z.object(partnerCenterShape);
export const allSettings = z.object(allShape);
