import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import {
  loadConfig,
  loadHistoryConfig,
  loadHttpConfig,
  loadStorageConfig,
} from '../../../src/config/loadConfig.ts';
import { readHttpAccess, readSchedules } from '../../../src/config/registration.ts';
import { computeNextRun, isSchedule } from '../../../src/config/schedule.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { Secret } from '../../../src/secret.ts';

const clientSecret = 'Marked8Q~client-secret';
const refreshToken = '1.Marked-refresh-token';
const accountKey = 'TWFya2VkLWFjY291bnQta2V5Cg==';
const connectionString = `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${accountKey};EndpointSuffix=core.windows.net`;

const required = {
  PARTNER_CENTER_TENANT_ID: '6A3B7C10-0000-4000-8000-00000000000A',
  PARTNER_CENTER_CLIENT_ID: '6a3b7c10-0000-4000-8000-00000000000b',
  PARTNER_CENTER_CLIENT_SECRET: clientSecret,
  PARTNER_CENTER_REFRESH_TOKEN: refreshToken,
  SNAPSHOT_STORAGE: connectionString,
};

function load(env: NodeJS.ProcessEnv): Config {
  return loadConfig({ ...required, ...env });
}

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

/** The one problem that these settings add to good ones. */
function problemOf(env: NodeJS.ProcessEnv): string {
  const problems = problemsOf({ ...required, ...env });
  expect(problems).toHaveLength(1);
  return problems[0] ?? '';
}

const noProxy = { httpsProxy: undefined, httpProxy: undefined, noProxy: [] };

describe('what holds without a setting', () => {
  test('every optional setting has the documented default', () => {
    expect(load({})).toEqual({
      partnerCenter: {
        cloud: 'global',
        baseUrl: 'https://api.partnercenter.microsoft.com',
        authorityHost: 'https://login.microsoftonline.com',
        tenantId: '6a3b7c10-0000-4000-8000-00000000000a',
        clientId: '6a3b7c10-0000-4000-8000-00000000000b',
        clientAuthentication: { kind: 'secret', secret: expect.any(Secret) },
        refreshToken: { kind: 'environment', token: expect.any(Secret) },
        managedIdentityClientId: undefined,
        requestsPerMinute: 480,
        proxy: noProxy,
      },
      storage: { kind: 'connectionString', connectionString: expect.any(Secret) },
      tablePrefix: '',
      snapshot: {
        schedule: '0 30 2 * * *',
        catchUpSchedule: '0 0 4-23 * * *',
        concurrency: 16,
        customers: 'all',
        subscriptionDiscovery: 'usagerecords',
        deadlineMinutes: 50,
        leaseSeconds: 60,
        depth: 'resources',
        depthMinimumCost: 1,
      },
      budgetThresholds: { actual: [50, 75, 90, 100], forecast: [100] },
      proxy: noProxy,
      anomalyMinimumCost: 10,
      hasCustomerMetrics: false,
      httpAuth: 'key',
      isPlatformAuthEnabled: false,
    });
  });

  test('an empty text, or one of white space, is a setting that is not set', () => {
    expect(load({ SNAPSHOT_CONCURRENCY: '', KEY_VAULT_URI: ' \t ' })).toEqual(load({}));
  });

  test('white space around a value is no part of it', () => {
    const { partnerCenter } = load({ PARTNER_CENTER_CLIENT_SECRET: ` ${clientSecret}\n` });
    expect(partnerCenter.clientAuthentication).toMatchObject({ kind: 'secret' });
    const { clientAuthentication } = partnerCenter;
    expect('secret' in clientAuthentication && clientAuthentication.secret.reveal()).toBe(
      clientSecret,
    );
  });
});

describe('problems', () => {
  test('all are reported together, each naming its setting, what was expected and what was got', () => {
    const problems = problemsOf({
      PARTNER_CENTER_CLOUD: 'mars',
      PARTNER_CENTER_TENANT_ID: 'contoso.onmicrosoft.com',
      PARTNER_CENTER_BASE_URL: 'http://proxy.contoso.com',
      SNAPSHOT_CONCURRENCY: '0',
      SNAPSHOT_SCHEDULE: '30 2 * * *',
      BUDGET_THRESHOLDS: '50,-1',
      HTTP_AUTH: 'none',
    });
    expect([...problems].sort()).toEqual([
      'BUDGET_THRESHOLDS: expected up to 20 percentages above 0, up to 1000, such as 50,75,100, got "50,-1"',
      'HTTP_AUTH: expected "key" or "signIn", got "none"',
      'KEY_VAULT_URI, PARTNER_CENTER_REFRESH_TOKEN_FILE, PARTNER_CENTER_REFRESH_TOKEN: expected one of them, got none of them',
      'PARTNER_CENTER_BASE_URL: expected a URL with https:// (http:// for loopback only) that does not end in /v1, without user, query or fragment, got "http://proxy.contoso.com"',
      'PARTNER_CENTER_CLIENT_ID: expected a GUID, got nothing',
      'PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_CLIENT_CERTIFICATE_PATH, PARTNER_CENTER_CLIENT_ASSERTION: expected exactly one, got none of them',
      'PARTNER_CENTER_CLOUD: expected "global" or "usgov", got "mars"',
      'PARTNER_CENTER_TENANT_ID: expected a GUID, got "contoso.onmicrosoft.com"',
      'SNAPSHOT_CONCURRENCY: expected a whole number from 1 to 256, got "0"',
      'SNAPSHOT_SCHEDULE: expected an NCRONTAB schedule of six fields (second minute hour day month weekday) that is ever due, got "30 2 * * *"',
      'SNAPSHOT_STORAGE, SNAPSHOT_STORAGE__tableServiceUri: expected exactly one, got none of them',
    ]);
  });

  test.each(['china', 'germany'])('the cloud %s is refused with the reason', (cloud) => {
    expect(problemOf({ PARTNER_CENTER_CLOUD: cloud })).toMatch(/no Azure usage API|retired/);
  });

  test('two proofs of the app are a contradiction that names both', () => {
    expect(problemOf({ PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: '/app.pem' })).toContain(
      'got PARTNER_CENTER_CLIENT_SECRET and PARTNER_CENTER_CLIENT_CERTIFICATE_PATH',
    );
  });

  test('Key Vault and a file for the refresh token are a contradiction', () => {
    const env = {
      KEY_VAULT_URI: 'https://acme.vault.azure.net',
      PARTNER_CENTER_REFRESH_TOKEN_FILE: '/token',
    };
    expect(problemOf(env)).toContain('got both');
  });

  test('a connection string and a table service are a contradiction', () => {
    const env = { SNAPSHOT_STORAGE__tableServiceUri: 'https://acme.table.core.windows.net' };
    expect(problemOf(env)).toContain('got SNAPSHOT_STORAGE and SNAPSHOT_STORAGE__tableServiceUri');
  });

  test.each([
    ['SNAPSHOT_CONCURRENCY', '1', '256', '257'],
    ['PARTNER_CENTER_REQUESTS_PER_MINUTE', '0', '100000', '100001'],
    ['SNAPSHOT_DEADLINE_MINUTES', '1', '65', '66'],
    ['SNAPSHOT_LEASE_SECONDS', '15', '3600', '14'],
  ])('%s has limits, and takes whole numbers alone', (name, lowest, highest, beyond) => {
    for (const value of [lowest, highest])
      expect(problemsOf({ ...required, [name]: value })).toEqual([]);
    for (const value of [beyond, '-1', '1.5', '1e2', '0x10', 'ten']) {
      expect(problemOf({ [name]: value })).toContain(`got "${value}"`);
    }
  });

  test.each(['A', '1abc', 'ab-c', 'a'.repeat(21)])('%s is no table prefix', (prefix) => {
    expect(problemOf({ SNAPSHOT_TABLE_PREFIX: prefix })).toContain('SNAPSHOT_TABLE_PREFIX');
  });

  test.each([
    ['PARTNER_CENTER_BASE_URL', 'api.partnercenter.microsoft.com'],
    ['PARTNER_CENTER_AUTHORITY_HOST', 'http://127.0.0.1.contoso.com'],
    ['PARTNER_CENTER_AUTHORITY_HOST', 'https://login.microsoftonline.com?x'],
    ['KEY_VAULT_URI', 'http://localhost:8080'],
    ['KEY_VAULT_URI', 'ftp://acme.vault.azure.net'],
    ['KEY_VAULT_URI', 'https://acme.vault.azure.net/secrets/token/abc'],
    ['PARTNER_CENTER_BASE_URL', 'https://api.partnercenter.microsoft.com/v1/'],
  ])('%s may not be %s', (name, value) => {
    expect(problemOf({ [name]: value })).toContain(`got "${value}"`);
  });
});

describe('values', () => {
  test('http is taken for this machine, and the slash at the end is dropped', () => {
    const { partnerCenter } = load({
      PARTNER_CENTER_BASE_URL: 'http://127.0.0.1:4010/',
      PARTNER_CENTER_AUTHORITY_HOST: 'http://[::1]:4011',
    });
    expect(partnerCenter.baseUrl).toBe('http://127.0.0.1:4010');
    expect(partnerCenter.authorityHost).toBe('http://[::1]:4011');
  });

  test('US Government signs in at its own host and calls the same API', () => {
    const { partnerCenter } = load({ PARTNER_CENTER_CLOUD: 'usgov' });
    expect(partnerCenter.authorityHost).toBe('https://login.microsoftonline.us');
    expect(partnerCenter.baseUrl).toBe('https://api.partnercenter.microsoft.com');
  });

  test('a refresh token beside a store is the one to start from', () => {
    const vault = load({ KEY_VAULT_URI: 'https://acme.vault.azure.net/' });
    expect(vault.partnerCenter.refreshToken).toEqual({
      kind: 'keyVault',
      vaultUri: 'https://acme.vault.azure.net',
      secretName: 'partner-center-refresh-token',
      initialToken: expect.any(Secret),
    });
    const file = load({ PARTNER_CENTER_REFRESH_TOKEN_FILE: './token' });
    expect(file.partnerCenter.refreshToken).toMatchObject({ kind: 'file', path: './token' });
  });

  test.each([
    [
      { PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: '/app.pem' },
      { kind: 'certificate', path: '/app.pem' },
    ],
    [{ PARTNER_CENTER_CLIENT_ASSERTION: 'managed-identity' }, { kind: 'managedIdentity' }],
  ])('the app is proved by %o', (env, expected) => {
    const { partnerCenter } = load({ PARTNER_CENTER_CLIENT_SECRET: '', ...env });
    expect(partnerCenter.clientAuthentication).toEqual(expected);
  });

  test('storage is reached by an identity in the convention of Azure Functions', () => {
    const { storage } = load({
      SNAPSHOT_STORAGE: '',
      SNAPSHOT_STORAGE__tableServiceUri: 'https://acme.table.core.windows.net/',
      SNAPSHOT_STORAGE__credential: 'managedidentity',
      SNAPSHOT_STORAGE__clientId: '6A3B7C10-0000-4000-8000-00000000000C',
    });
    expect(storage).toEqual({
      kind: 'identity',
      blobServiceUri: 'https://acme.blob.core.windows.net',
      tableServiceUri: 'https://acme.table.core.windows.net',
      clientId: '6a3b7c10-0000-4000-8000-00000000000c',
      managedIdentity: true,
    });
  });

  test.each([
    'UseDevelopmentStorage=true',
    connectionString,
    `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${accountKey};TableEndpoint=http://127.0.0.1:10002/a;`,
    'TableEndpoint=https://acme.table.core.windows.net/;SharedAccessSignature=sv=2024&sig=x',
  ])('%s is a connection string', (value) => {
    const { storage } = load({ SNAPSHOT_STORAGE: value });
    expect(storage.kind === 'connectionString' && storage.connectionString.reveal()).toBe(value);
  });

  test('thresholds come in ascending order, each once', () => {
    const { budgetThresholds } = load({ BUDGET_THRESHOLDS: '100, 80,80.0 , 99.5' });
    expect(budgetThresholds.actual).toEqual([80, 99.5, 100]);
  });

  test('sign-in by App Service is seen however it is spelled', () => {
    expect(load({ WEBSITE_AUTH_ENABLED: 'True' }).isPlatformAuthEnabled).toBe(true);
    expect(load({ WEBSITE_AUTH_ENABLED: 'False' }).isPlatformAuthEnabled).toBe(false);
  });

  test('the tables can be read without any setting of Partner Center', () => {
    const config = loadStorageConfig({ SNAPSHOT_STORAGE: connectionString });
    expect(config).toEqual({
      storage: { kind: 'connectionString', connectionString: expect.any(Secret) },
      tablePrefix: '',
      proxy: noProxy,
    });
    expect(() => loadStorageConfig({})).toThrow('SNAPSHOT_STORAGE');
  });
});

describe('proxies', () => {
  const proxyIn = (env: NodeJS.ProcessEnv) => {
    const {
      httpsProxy,
      httpProxy,
      noProxy: direct,
    } = loadStorageConfig({
      SNAPSHOT_STORAGE: connectionString,
      ...env,
    }).proxy;
    return { https: httpsProxy?.reveal(), http: httpProxy?.reveal(), direct };
  };

  test('are the same for Partner Center and for the tables', () => {
    const { proxy, partnerCenter } = load({ HTTPS_PROXY: 'http://proxy:8080', NO_PROXY: 'a,b' });
    expect(proxy.httpsProxy?.reveal()).toBe('http://proxy:8080/');
    expect(partnerCenter.proxy).toEqual(proxy);
  });

  test('are read in upper and in lower case, which counts where both are set', () => {
    const upper = { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2', NO_PROXY: 'c, .d\te' };
    expect(proxyIn(upper)).toEqual({
      https: 'http://a:1/',
      http: 'http://b:2/',
      direct: ['c', '.d', 'e'],
    });
    const lower = { https_proxy: 'https://x:3', http_proxy: 'http://y:4', no_proxy: '*' };
    const expected = { https: 'https://x:3/', http: 'http://y:4/', direct: ['*'] };
    expect(proxyIn(lower)).toEqual(expected);
    expect(proxyIn({ ...upper, ...lower })).toEqual(expected);
  });

  test.each([
    ['proxy.contoso.com:8080', '"proxy.contoso.com:8080"'],
    ['10.0.0.1:3128', '"10.0.0.1:3128"'],
    ['socks5://proxy:1080', '"socks5://proxy:1080"'],
    ['http://proxy:99999', '"http://proxy:99999"'],
    ['http://proxy:8080/path', 'a text of 22 characters'],
    ['http://', 'a text of 7 characters'],
    ['http://user:Marked-pass word@proxy:8o80', 'a text of 39 characters'],
    ['user:Marked-password', 'a text of 20 characters'],
    ['http://user:Marked%password@proxy', 'a text of 33 characters'],
  ])('%j is a problem that names its setting and tells no password', (value, got) => {
    for (const name of ['HTTPS_PROXY', 'HTTP_PROXY']) {
      const problem = problemOf({ [name.toLowerCase()]: value });
      expect(problem).toMatch(new RegExp(`^${name}: expected a proxy's URL .*, got `));
      expect(problem).not.toContain('Marked');
      expect(problem.endsWith(`got ${got}`)).toBe(true);
    }
  });

  test('no printed form of the settings shows their password', () => {
    const config = load({ HTTPS_PROXY: 'http://user:Marked-password@proxy:8080' });
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('Marked');
  });
});

describe('secrets', () => {
  const marks = [clientSecret, refreshToken, accountKey];

  test('no printed form of the settings shows one, at any depth', () => {
    const config = load({});
    const options = { depth: Infinity, showHidden: true, getters: true };
    const printed = [
      inspect(config, options),
      inspect(config, { ...options, customInspect: false }),
      JSON.stringify(config),
      `${Object.values(config.partnerCenter.clientAuthentication).join()}`,
      String(
        new Error(
          `${config.storage.kind === 'connectionString' && config.storage.connectionString}`,
        ),
      ),
    ];
    for (const text of printed) {
      for (const mark of marks) expect(text).not.toContain(mark);
    }
    expect(printed[2]).toContain('"secret":"[redacted]"');
    expect(printed[0]).toContain('secret: [redacted]');
    expect(`${new Secret('x')}`).toBe('[redacted]');
  });

  test('only reveal gives the value', () => {
    expect(new Secret(clientSecret).reveal()).toBe(clientSecret);
  });

  test('a secret that is not valid is told by its length', () => {
    expect(problemOf({ SNAPSHOT_STORAGE: 'abc' })).toMatch(/got a text of 3 characters$/);
    expect(problemOf({ PARTNER_CENTER_REFRESH_TOKEN: 'a b' })).toMatch(/got a text of 3 /);
  });

  test('a reference to Key Vault that was not resolved is named as that', () => {
    const reference = '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/x)';
    expect(problemOf({ PARTNER_CENTER_CLIENT_SECRET: reference })).toContain('was not resolved');
  });

  test('a secret pasted into the wrong setting is not printed', () => {
    const names = [
      'PARTNER_CENTER_CLIENT_ID',
      'PARTNER_CENTER_BASE_URL',
      'AZURE_CLIENT_ID',
      'HTTP_AUTH',
    ];
    const values = [
      clientSecret,
      connectionString,
      `https://user:${clientSecret}@host`,
      `https://host?sig=${accountKey}`,
    ];
    for (const name of names) {
      for (const value of values) expect(problemOf({ [name]: value })).toMatch(/got a text of \d+/);
    }
  });
});

describe('schedules', () => {
  test.each(['0 30 2 * * *', '0 */5 4-23 * * 1-5', '0 0 0 1,15 JAN-jun Mon', '0 0 0 29 2 *'])(
    '%s is one',
    (text) => {
      expect(isSchedule(text)).toBe(true);
    },
  );

  test.each([
    '',
    '30 2 * * *',
    '0 0 0 30 2 *',
    '0 60 * * * *',
    '@daily',
    '0 0 0 L * *',
    '0 0 0 ? * 1',
    '0 0 0 * * MON#2',
    '0 0 0 * * 7',
    '0 0 0 * * * *',
  ])('%s is none', (text) => {
    expect(isSchedule(text)).toBe(false);
  });

  test('a day of month and a day of week have to match both', () => {
    const due = computeNextRun('0 0 0 13 * FRI', Date.UTC(2026, 0, 1));
    expect(due && new Date(due).toISOString()).toBe('2026-02-13T00:00:00.000Z');
  });

  test('functions are registered by the default where a setting is missing or not valid', () => {
    expect(
      readSchedules({ SNAPSHOT_SCHEDULE: 'nightly', SNAPSHOT_CATCH_UP_SCHEDULE: ' 0 0 6 * * * ' }),
    ).toEqual({
      schedule: '0 30 2 * * *',
      catchUpSchedule: '0 0 6 * * *',
    });
    expect(readSchedules({}).catchUpSchedule).toBe('0 0 4-23 * * *');
  });
});

describe('queries', () => {
  const tables = { SNAPSHOT_STORAGE: connectionString };

  test('need no sign-in to Partner Center', () => {
    expect(loadHistoryConfig({ ...tables, ANOMALY_MINIMUM_COST: '2.5' })).toEqual({
      storage: { kind: 'connectionString', connectionString: expect.any(Secret) },
      tablePrefix: '',
      proxy: noProxy,
      anomalyMinimumCost: 2.5,
      hasCustomerMetrics: false,
    });
    expect(loadHttpConfig(tables)).toEqual(loadHistoryConfig(tables));
  });

  test.each([
    ['true', true],
    ['false', false],
    ['', false],
  ])('have metrics of customers where METRICS_PER_CUSTOMER is "%s": %s', (value, has) => {
    const env = { ...tables, METRICS_PER_CUSTOMER: value };
    expect(loadHttpConfig(env).hasCustomerMetrics).toBe(has);
  });

  test('take no other word for it', () => {
    expect(() => loadHttpConfig({ ...tables, METRICS_PER_CUSTOMER: 'yes' })).toThrow(
      'METRICS_PER_CUSTOMER: expected "true" or "false", got "yes"',
    );
  });

  test('are told of every setting of theirs that is bad, and over HTTP of who may ask', () => {
    const env = { ANOMALY_MINIMUM_COST: 'x', HTTP_AUTH: 'none', SNAPSHOT_SCHEDULE: 'nightly' };
    const problemsIn = (load: (given: NodeJS.ProcessEnv) => unknown) => {
      try {
        load(env);
        return [];
      } catch (error) {
        return error instanceof ConfigurationError
          ? error.problems.map((problem) => problem.split(':')[0])
          : [error];
      }
    };
    const storage = 'SNAPSHOT_STORAGE, SNAPSHOT_STORAGE__tableServiceUri';
    expect(problemsIn(loadHistoryConfig)).toEqual(['ANOMALY_MINIMUM_COST', storage]);
    expect(problemsIn(loadHttpConfig)).toEqual(['ANOMALY_MINIMUM_COST', 'HTTP_AUTH', storage]);
  });
});

describe('who may see data over HTTP', () => {
  test.each([undefined, '', ' ', 'key', 'none', 'anonymous', 'signin', 'SIGNIN', 'key,signIn'])(
    'HTTP_AUTH %j lets nobody in without a key',
    (value) => {
      expect(readHttpAccess({ HTTP_AUTH: value }).httpAuth).toBe('key');
    },
  );

  test.each(['signIn', ' signIn '])('HTTP_AUTH %j lets in who has signed in', (value) => {
    expect(readHttpAccess({ HTTP_AUTH: value }).httpAuth).toBe('signIn');
  });

  test.each([
    ['True', true],
    ['true', true],
    ['False', false],
    ['1', false],
    ['yes', false],
    [undefined, false],
  ])('WEBSITE_AUTH_ENABLED %j means that the platform signs people in: %s', (value, isEnabled) => {
    const access = readHttpAccess({ WEBSITE_AUTH_ENABLED: value });
    expect(access.isPlatformAuthEnabled).toBe(isEnabled);
    expect(load({ WEBSITE_AUTH_ENABLED: value }).isPlatformAuthEnabled).toBe(isEnabled);
  });
});
