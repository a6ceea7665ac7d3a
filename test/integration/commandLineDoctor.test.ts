import { chmod, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import type { SignInOptions } from '../../src/simulator/signInOptions.ts';
import { AzureBlobContainer } from '../../src/storage/azureBlobContainer.ts';
import {
  endAll,
  printed,
  runCommandLine,
  secrets,
  startPartner,
  storageAt,
  type TestPartner,
} from '../support/commandLine.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { needFileModes } from '../support/platform.ts';

let azurite: EmbeddedAzurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

const start = () => startPartner({}, azurite.connectionString);

const everyCheck = [
  'settings',
  'refresh token',
  'sign-in',
  'customers',
  'multi-factor authentication',
  'customers/usagerecords',
  'usagesummary',
  'customers/{id}/usagesummary',
  'customers/{id}/subscriptions',
  'customers/{id}/subscriptions/usagerecords',
  'customers/{id}/subscriptions/{id}/usagesummary',
  'customers/{id}/subscriptions/{id}/resourceusagerecords',
  'tables',
  'blobs',
];

interface Check {
  name: string;
  isOk: boolean | null;
  finding: string;
}

/** Runs `doctor`, and reads its lines. */
async function examine({ settings }: TestPartner) {
  const end = await runCommandLine(['doctor'], settings);
  const checks = end.stdout
    .trimEnd()
    .split('\n')
    .map((line): Check => {
      const [, word, name = '', finding = ''] = /^(ok|BAD|--) {2,3}(.+?): (.+)$/.exec(line) ?? [];
      expect(word).toBeDefined();
      return { name, isOk: word === '--' ? null : word === 'ok', finding };
    });
  const namesOf = (isOk: boolean | null) =>
    checks.filter((check) => check.isOk === isOk).map(({ name }) => name);
  const findingOf = (name: string) => checks.find((check) => check.name === name)?.finding;
  return {
    ...end,
    checks,
    good: namesOf(true),
    bad: namesOf(false),
    notAsked: namesOf(null),
    findingOf,
  };
}

describe('doctor', () => {
  it('has a line for each check, and exit code 0 where all is good', async () => {
    const { exitCode, stderr, good, bad, findingOf } = await examine(await start());
    expect(good).toEqual(everyCheck);
    expect(bad).toEqual([]);
    expect(findingOf('sign-in')).toContain('mfa');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('--json prints the same checks as one document', async () => {
    const { settings } = await start();
    const { exitCode, stdout, stderr } = await runCommandLine(['doctor', '--json'], settings);
    const checks: Check[] = JSON.parse(stdout);
    expect(checks.map(({ name }) => name)).toEqual(everyCheck);
    for (const check of checks) {
      expect(check).toEqual({ name: check.name, isOk: true, finding: expect.any(String) });
    }
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('leaves no blob behind', async () => {
    const partner = await start();
    await examine(partner);
    const name = `${partner.settings['SNAPSHOT_TABLE_PREFIX']}usage-details`;
    const container = new AzureBlobContainer(name, azurite);
    expect(await container.exists()).toBe(true);
    expect(await Array.fromAsync(container.list(''))).toEqual([]);
  });

  it('says that a refresh token that cannot be stored is lost', async () => {
    const partner = await start();
    delete partner.settings['PARTNER_CENTER_REFRESH_TOKEN_FILE'];
    const finding = (await examine(partner)).findingOf('refresh token');
    expect(finding).toMatch(/set by hand in PARTNER_CENTER_REFRESH_TOKEN.*rotation is lost/);
  });

  it('tells a token to start from, which will be stored, from one that is', async () => {
    const partner = await start();
    const first = (await examine(partner)).findingOf('refresh token');
    expect(first).toContain('none is stored yet: PARTNER_CENTER_REFRESH_TOKEN is used');
    expect(first).not.toContain('rotation is lost');
    expect((await examine(partner)).findingOf('refresh token')).toBe(
      'stored 0 days ago; where no run replaces it, it dies 90 days after that, used or not',
    );
  });

  it('says why it did not ask what needs a customer, where there is no usage', async () => {
    const partner = await start();
    const body = '{"totalCount":0,"items":[]}';
    partner.simulator.overrides = { '/v1/customers/usagerecords': { status: 200, body } };
    const { checks, notAsked, exitCode, findingOf } = await examine(partner);
    expect(checks.map(({ name }) => name)).toEqual(everyCheck);
    expect(findingOf('customers/usagerecords')).toBe('can be read, and names no customer');
    expect(notAsked).toEqual(everyCheck.filter((name) => name.startsWith('customers/{id}/')));
    for (const name of notAsked) {
      expect(findingOf(name)).toBe('not asked: customers/usagerecords names no customer');
    }
    expect(exitCode).toBe(0);
  });
});

describe('doctor with something wrong exits with 1, names the cure on that line and goes on', () => {
  it.each<[what: string, signIn: SignInOptions, cures: Record<string, RegExp>, good: string[]]>([
    [
      'a refresh token that was not replaced for 90 days',
      { refusal: { error: 'invalid_grant', code: 700082 } },
      {
        'sign-in':
          /AADSTS700082.*not replaced for 90 days; sign in again with `usage-snapshots login`/,
      },
      ['settings', 'refresh token', 'tables', 'blobs'],
    ],
    [
      'a wrong client secret',
      { clientSecret: 'another' },
      { 'sign-in': /AADSTS7000215.*set PARTNER_CENTER_CLIENT_SECRET to its value/ },
      ['settings', 'refresh token', 'tables', 'blobs'],
    ],
    [
      'a sign-in without MFA, where Partner Center enforces it',
      { isWithoutMfa: true },
      {
        customers: /900421.*sign the service user in again with MFA/,
        'multi-factor authentication': /missing: sign the service user in again with MFA/,
        'customers/usagerecords': /900421.*sign the service user in again with MFA/,
        usagesummary: /900421.*a snapshot is complete without it/,
      },
      ['settings', 'refresh token', 'sign-in', 'tables', 'blobs'],
    ],
    [
      'a sign-in without MFA, where it is not enforced yet',
      { isWithoutMfa: true, isMfaEnforced: false },
      { 'multi-factor authentication': /missing: sign the service user in again with MFA/ },
      everyCheck.filter((name) => name !== 'multi-factor authentication'),
    ],
    [
      'an app-only token',
      { isAppOnly: true, isMfaEnforced: false },
      {
        'multi-factor authentication': /sign the service user in/,
        'customers/usagerecords':
          /900329.*app-only tokens are not accepted.*sign a service user in/,
        usagesummary: /900329/,
      },
      ['settings', 'refresh token', 'sign-in', 'customers', 'tables', 'blobs'],
    ],
    [
      'a token for another audience',
      { hasWrongAudience: true },
      {
        customers: /900420.*must ask for https:\/\/api\.partnercenter\.microsoft\.com/,
        'customers/usagerecords': /900420/,
        usagesummary: /900420/,
      },
      ['settings', 'refresh token', 'sign-in', 'tables', 'blobs'],
    ],
  ])('%s', async (_what, signIn, cures, good) => {
    const partner = await start();
    partner.simulator.signIn = { ...partner.simulator.signIn, ...signIn };
    const found = await examine(partner);
    expect(found.checks.map(({ name }) => name)).toEqual(everyCheck);
    expect(found.bad).toEqual(Object.keys(cures));
    for (const [name, cure] of Object.entries(cures)) expect(found.findingOf(name)).toMatch(cure);
    expect(found.good).toEqual(good);
    expect(found.exitCode).toBe(1);
  });

  it('a role without the right to one call', async () => {
    const partner = await start();
    const body = '{"code":900150,"description":"The role lacks the right."}';
    partner.simulator.overrides = { '/v1/customers/usagerecords': { status: 403, body } };
    const found = await examine(partner);
    expect(found.bad).toEqual(['customers/usagerecords']);
    expect(found.findingOf('customers/usagerecords')).toContain('needs the Admin agent role');
    expect(found.findingOf('customers/{id}/subscriptions')).toBe(
      'not asked: customers/usagerecords could not be read',
    );
    expect(found.good).toContain('tables');
    expect(found.exitCode).toBe(1);
  });

  it.each([
    ['usagesummary', () => '/v1/usagesummary', /a snapshot is complete without it/],
    [
      'customers/{id}/subscriptions',
      (id: string) => `/v1/customers/${id}/subscriptions`,
      /SNAPSHOT_SUBSCRIPTION_DISCOVERY=subscriptions alone/,
    ],
  ])('no right to %s, and says when that matters', async (name, pathOf, when) => {
    const partner = await start();
    const [, id = ''] = /\((.+)\)/.exec(
      (await examine(partner)).findingOf('customers/{id}/usagesummary') ?? '',
    ) ?? ['', ''];
    const body = '{"code":900150,"description":"The role lacks the right."}';
    partner.simulator.overrides = { [pathOf(id)]: { status: 403, body } };
    const found = await examine(partner);
    expect(found.bad).toEqual([name]);
    expect(found.findingOf(name)).toMatch(when);
    expect(found.good).toEqual(everyCheck.filter((each) => each !== name));
    expect(found.exitCode).toBe(1);
  });

  it('no right to what lies below a plan, and says when that matters', async () => {
    const partner = await start();
    const name = 'customers/{id}/subscriptions/{id}/resourceusagerecords';
    const first = await examine(partner);
    const [customerId, planId] = ['customers/{id}/', 'customers/{id}/subscriptions/{id}/'].map(
      (path) => /\((.+)\)/.exec(first.findingOf(`${path}usagesummary`) ?? '')?.[1],
    );
    const body = '{"code":900150,"description":"The role lacks the right."}';
    const path = `/v1/customers/${customerId}/subscriptions/${planId}/resourceusagerecords`;
    partner.simulator.overrides = { [path]: { status: 403, body } };
    const found = await examine(partner);
    expect(found.bad).toEqual([name]);
    expect(found.findingOf(name)).toMatch(/900150.*a snapshot is complete without it/);
    expect(found.exitCode).toBe(1);
  });

  it.each([
    ['off', /^not asked: SNAPSHOT_DEPTH is off, which keeps none$/],
    ['azureSubscriptions', /^not asked: SNAPSHOT_DEPTH is azureSubscriptions, which keeps none$/],
  ])('blobs that a night with SNAPSHOT_DEPTH=%s needs not: exit code 0', async (depth, finding) => {
    const partner = await start();
    partner.settings['SNAPSHOT_DEPTH'] = depth;
    const { findingOf, notAsked, exitCode } = await examine(partner);
    expect(notAsked).toEqual(['blobs']);
    expect(findingOf('blobs')).toMatch(finding);
    expect(exitCode).toBe(0);
  });

  it('blobs that may not be written or deleted', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const partner = await start();
      const server = await startHttpServer((request, response) => {
        const isContainer = request.url?.includes('restype=container');
        const status = isContainer || request.method !== method ? 201 : 403;
        request.resume().on('end', () => {
          const headers = { 'x-ms-error-code': 'AuthorizationPermissionMismatch' };
          response.writeHead(status, status === 403 ? headers : {}).end();
        });
      });
      const blobs = `BlobEndpoint=${server.url}/devstoreaccount1`;
      const tables = storageAt(azurite.port);
      partner.settings['SNAPSHOT_STORAGE'] = `${tables};${blobs}`;
      const found = await examine(partner);
      await server.close();
      expect(found.bad).toEqual(['blobs']);
      expect(found.findingOf('blobs')).toMatch(
        /blob "doctor\/.+AuthorizationPermissionMismatch.*role Storage Blob Data Contributor on this container, which deploying again gives.*; or set SNAPSHOT_DEPTH=off, to keep nothing below plans$/,
      );
      expect(found.exitCode).toBe(1);
    }
  });

  it('blobs that the settings do not name', async () => {
    const partner = await start();
    partner.settings['SNAPSHOT_STORAGE'] = storageAt(azurite.port);
    const { bad, findingOf } = await examine(partner);
    expect(bad).toEqual(['blobs']);
    expect(findingOf('blobs')).toMatch(/expected a connection string that names it/);
  });

  it('a refresh token that was not replaced for 60 days', async () => {
    const partner = await start();
    const file = partner.settings['PARTNER_CENTER_REFRESH_TOKEN_FILE'] ?? '';
    await writeFile(file, partner.simulator.refreshToken, { mode: 0o600 });
    const dayMs = 24 * 60 * 60_000;
    const storedAt = new Date(Date.now() - 61 * dayMs);
    await utimes(file, storedAt, storedAt);
    const { bad, findingOf } = await examine(partner);
    expect(bad).toEqual(['refresh token']);
    expect(findingOf('refresh token')).toMatch(
      /^stored 61 days ago and not replaced since; it dies after 90, used or not: see that snapshots/,
    );
  });

  it('a refresh token that others may read', async (context) => {
    needFileModes(context);
    const partner = await start();
    await examine(partner);
    await chmod(partner.settings['PARTNER_CENTER_REFRESH_TOKEN_FILE'] ?? '', 0o644);
    const found = await examine(partner);
    expect(found.bad).toEqual(['refresh token', 'sign-in']);
    expect(found.findingOf('refresh token')).toMatch(/mode 0644; run: chmod 600 /);
    expect(found.good).toEqual(['settings', 'tables', 'blobs']);
    expect(found.exitCode).toBe(1);
  });
});

describe('doctor with settings that cannot be read', () => {
  it('has a line for each problem, and exit code 2', async () => {
    const { settings } = await start();
    const env = { ...settings, PARTNER_CENTER_TENANT_ID: 'contoso', SNAPSHOT_CONCURRENCY: 'many' };
    const { exitCode, stdout, stderr } = await runCommandLine(['doctor'], env);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^BAD {2}settings: PARTNER_CENTER_TENANT_ID: expected a GUID/),
      expect.stringMatching(/^BAD {2}settings: SNAPSHOT_CONCURRENCY: expected .+ got "many"$/),
    ]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(2);
  });

  it('--json prints one document of them', async () => {
    const { exitCode, stdout } = await runCommandLine(['doctor', '--json']);
    const checks: Check[] = JSON.parse(stdout);
    expect(checks.length).toBeGreaterThan(3);
    expect(checks.every(({ name, isOk }) => name === 'settings' && !isOk)).toBe(true);
    expect(exitCode).toBe(2);
  });

  it('prints no secret and no token, here or in any of these calls', async () => {
    await examine(await start());
    expect(secrets.size).toBeGreaterThan(4);
    expect([...secrets].filter((secret) => printed.join('').includes(secret))).toEqual([]);
  });
});
