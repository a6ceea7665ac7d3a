import { chmod, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import type { SignInOptions } from '../../src/simulator/signInOptions.ts';
import {
  endAll,
  printed,
  runCommandLine,
  secrets,
  startPartner,
  type TestPartner,
} from '../support/commandLine.ts';

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
  'customers/{id}/usagesummary',
  'customers/{id}/subscriptions/usagerecords',
  'customers/{id}/subscriptions/{id}/usagesummary',
  'tables',
];

interface Check {
  name: string;
  isOk: boolean;
  finding: string;
}

/** Runs `doctor`, and reads its lines. */
async function examine({ settings }: TestPartner) {
  const end = await runCommandLine(['doctor'], settings);
  const checks = end.stdout
    .trimEnd()
    .split('\n')
    .map((line): Check => {
      const [, word, name = '', finding = ''] = /^(ok|BAD) {2,3}(.+?): (.+)$/.exec(line) ?? [];
      expect(word).toBeDefined();
      return { name, isOk: word === 'ok', finding };
    });
  const namesOf = (isOk: boolean) =>
    checks.filter((check) => check.isOk === isOk).map(({ name }) => name);
  const findingOf = (name: string) => checks.find((check) => check.name === name)?.finding;
  return { ...end, checks, good: namesOf(true), bad: namesOf(false), findingOf };
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

  it('says that a refresh token that cannot be stored is lost', async () => {
    const partner = await start();
    delete partner.settings['PARTNER_CENTER_REFRESH_TOKEN_FILE'];
    expect((await examine(partner)).findingOf('refresh token')).toContain('rotation is lost');
  });
});

describe('doctor with something wrong exits with 1, names the cure on that line and goes on', () => {
  it.each<[what: string, signIn: SignInOptions, cures: Record<string, RegExp>, good: string[]]>([
    [
      'a refresh token that was not used for 90 days',
      { refusal: { error: 'invalid_grant', code: 700082 } },
      { 'sign-in': /AADSTS700082.*sign in again with `usage-snapshots login`/ },
      ['settings', 'refresh token', 'tables'],
    ],
    [
      'a wrong client secret',
      { clientSecret: 'another' },
      { 'sign-in': /AADSTS7000215.*set PARTNER_CENTER_CLIENT_SECRET to its value/ },
      ['settings', 'refresh token', 'tables'],
    ],
    [
      'a sign-in without MFA, where Partner Center enforces it',
      { isWithoutMfa: true },
      {
        customers: /900421.*sign the service user in again with MFA/,
        'multi-factor authentication': /missing: sign the service user in again with MFA/,
        'customers/usagerecords': /900421.*sign the service user in again with MFA/,
      },
      ['settings', 'refresh token', 'sign-in', 'tables'],
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
      },
      ['settings', 'refresh token', 'sign-in', 'customers', 'tables'],
    ],
    [
      'a token for another audience',
      { hasWrongAudience: true },
      {
        customers: /900420.*must ask for https:\/\/api\.partnercenter\.microsoft\.com/,
        'customers/usagerecords': /900420/,
      },
      ['settings', 'refresh token', 'sign-in', 'tables'],
    ],
  ])('%s', async (_what, signIn, cures, good) => {
    const partner = await start();
    partner.simulator.signIn = { ...partner.simulator.signIn, ...signIn };
    const found = await examine(partner);
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
    expect(found.good).toContain('tables');
    expect(found.exitCode).toBe(1);
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
    expect(findingOf('refresh token')).toContain('stored 61 days ago');
  });

  it.skipIf(process.platform === 'win32')('a refresh token that others may read', async () => {
    const partner = await start();
    await examine(partner);
    await chmod(partner.settings['PARTNER_CENTER_REFRESH_TOKEN_FILE'] ?? '', 0o644);
    const found = await examine(partner);
    expect(found.bad).toEqual(['refresh token', 'sign-in']);
    expect(found.findingOf('refresh token')).toMatch(/mode 0644; run: chmod 600 /);
    expect(found.good).toEqual(['settings', 'tables']);
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
