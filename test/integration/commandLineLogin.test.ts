import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import type { SignInOptions } from '../../src/simulator/signInOptions.ts';
import {
  endAll,
  isPortFree,
  printed,
  runCommandLine,
  secrets,
  startCommandLine,
  startPartner,
  type TestPartner,
  until,
} from '../support/commandLine.ts';
import { canSendSignals, needFileModes, needSignals, skipTest } from '../support/platform.ts';

let azurite: EmbeddedAzurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

const fileSetting = 'PARTNER_CENTER_REFRESH_TOKEN_FILE';
const deadToken = 'dead-refresh-token';
secrets.add(deadToken);

const signInPage = /^http:\S+\/oauth2\/v2\.0\/authorize\?\S+$/m;

/** A partner whose stored token and whose token in the settings are both dead. */
async function startWithDeadTokens(signIn: SignInOptions = {}, storage?: string) {
  const partner = await startPartner({}, storage);
  partner.simulator.signIn = { ...partner.simulator.signIn, ...signIn };
  partner.settings['PARTNER_CENTER_REFRESH_TOKEN'] = deadToken;
  await writeFile(fileOf(partner), deadToken, { mode: 0o600 });
  return partner;
}

const fileOf = ({ settings }: TestPartner) => settings[fileSetting] ?? '';
const storedIn = async (partner: TestPartner) => (await readFile(fileOf(partner), 'utf8')).trim();

/** Starts `login`, up to where it waits for its user. */
async function startLogin({ settings }: TestPartner, ...options: string[]) {
  const login = startCommandLine(['login', '--no-browser', ...options], settings);
  await login.untilPrinted(signInPage);
  const [url = ''] = signInPage.exec(login.stderr()) ?? [];
  const redirectUri = new URL(url).searchParams.get('redirect_uri') ?? '';
  return { ...login, url, redirectUri, port: Number(new URL(redirectUri).port) };
}

/** What a browser does until the user has signed in; it does not go back to `login` yet. */
async function visit(url: string): Promise<string> {
  const page = await fetch(url, { redirect: 'manual' });
  expect(page.status).toBe(302);
  const location = page.headers.get('location') ?? '';
  const code = new URL(location).searchParams.get('code');
  if (code) secrets.add(code);
  return location;
}

/** Signs in, to the end of the command. */
async function signIn(partner: TestPartner, ...options: string[]) {
  const login = await startLogin(partner, ...options);
  const page = await fetch(await visit(login.url));
  return { page, text: await page.text(), end: await login.ended, login };
}

/** A request with a `Host` of its own choosing. */
function statusOf(url: string, host: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const { port, pathname, search } = new URL(url);
  const options = { host: '127.0.0.1', port, path: pathname + search, headers: { host } };
  request(options, (response) => {
    response.resume();
    resolve(response.statusCode);
  })
    .on('error', reject)
    .end();
  return promise;
}

describe('login', () => {
  it('puts a new refresh token in the place of a dead one, and doctor finds it good', async () => {
    const partner = await startWithDeadTokens({}, azurite.connectionString);
    const before = await runCommandLine(['doctor'], partner.settings);
    expect(before.stdout).toMatch(/^BAD {2}sign-in: .*AADSTS70000/m);

    const { end } = await signIn(partner);
    expect(end.stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^Signed in: Simulated Service User \(object id [\da-f-]{36}\), tenant /,
      ),
      'Multi-factor authentication: Partner Center takes the sign-in for compliant (amr: pwd, mfa)',
      `Refresh token stored: in the file of ${fileSetting}`,
      expect.stringMatching(/^PARTNER_CENTER_REFRESH_TOKEN is not read any more/),
      'Next: `usage-snapshots doctor`',
    ]);
    expect(end.exitCode).toBe(0);
    expect(await storedIn(partner)).not.toBe(deadToken);

    const after = await runCommandLine(['doctor'], partner.settings);
    expect(after.stdout).not.toMatch(/^BAD/m);
    expect(after.exitCode).toBe(0);
  });

  it('replaces a token file that others may read by one that they may not', async (context) => {
    needFileModes(context);
    const partner = await startPartner();
    await writeFile(fileOf(partner), deadToken, { mode: 0o644 });
    expect((await signIn(partner)).end.exitCode).toBe(0);
    expect((await stat(fileOf(partner))).mode & 0o777).toBe(0o600);
  });

  it('needs no storage, and no token to start from', async () => {
    const { settings, simulator } = await startPartner();
    const { SNAPSHOT_STORAGE, PARTNER_CENTER_REFRESH_TOKEN, ...rest } = settings;
    const { end } = await signIn({ simulator, settings: rest });
    expect(end.stdout).not.toContain('PARTNER_CENTER_REFRESH_TOKEN is not read');
    expect(end.exitCode).toBe(0);
  });

  it('--json prints one document', async () => {
    const partner = await startPartner();
    const { end } = await signIn(partner, '--json');
    expect(JSON.parse(end.stdout)).toEqual({
      tenantId: partner.simulator.partnerTenantId,
      user: { objectId: expect.stringMatching(/^[\da-f-]{36}$/), name: 'Simulated Service User' },
      mfa: { amr: ['pwd', 'mfa'], isMfaCompliant: true },
      store: { kind: 'file' },
    });
  });

  it('asks the sign-in page for a fresh sign-in with PKCE, and shows it no secret', async () => {
    const partner = await startPartner();
    const login = await startLogin(partner);
    const url = new URL(login.url);
    const { PARTNER_CENTER_AUTHORITY_HOST: host, PARTNER_CENTER_TENANT_ID: tenant } =
      partner.settings;
    expect(url.origin + url.pathname).toBe(`${host}/${tenant}/oauth2/v2.0/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: partner.settings['PARTNER_CENTER_CLIENT_ID'],
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      scope: 'https://api.partnercenter.microsoft.com/.default offline_access',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      prompt: 'login',
    });
    login.kill('SIGTERM');
    await login.ended;
  });

  it('opens a browser at the address it prints', async (context) => {
    if (process.platform !== 'linux') {
      skipTest(context, 'the system itself knows the browser, and a test cannot take its place');
    }
    const partner = await startPartner();
    const browser = `${fileOf(partner)}-browser`;
    await writeFile(browser, '#!/bin/sh\nprintf %s "$1" > "$0-address"\n', { mode: 0o700 });
    const login = startCommandLine(['login'], { ...partner.settings, BROWSER: browser });
    await login.untilPrinted(signInPage);
    const [url] = signInPage.exec(login.stderr()) ?? [];
    const opened = () => readFile(`${browser}-address`, 'utf8').catch(() => undefined);
    await until('the address in the browser', async () => (await opened()) === url);
    login.kill('SIGTERM');
    await login.ended;
  });

  it('stores a sign-in whose access token cannot be read', async () => {
    const partner = await startWithDeadTokens({ isOpaque: true });
    const { end } = await signIn(partner);
    expect(end.stdout).toContain('Signed in: a user that the access token does not name, tenant');
    expect(end.stdout).toContain(
      'authentication: Partner Center takes the sign-in for compliant\n',
    );
    expect(await storedIn(partner)).not.toBe(deadToken);
    expect(end.exitCode).toBe(0);
  });

  it('stores a sign-in with MFA where Partner Center gives no answer that can be read', async () => {
    const partner = await startWithDeadTokens();
    partner.simulator.overrides = { '/v1/customers': { status: 200, body: '[]' } };
    const { end } = await signIn(partner);
    expect(end.stdout).toContain('done (amr: pwd, mfa); Partner Center could not be asked: GET ');
    expect(end.exitCode).toBe(0);
  });
});

describe('the listener of login', () => {
  it('takes one request, that which brings its state; all others get 400', async () => {
    const partner = await startWithDeadTokens();
    const login = await startLogin(partner);
    const good = await visit(login.url);
    const change = (edit: (url: URL) => void) => {
      const url = new URL(good);
      edit(url);
      return url.href;
    };
    const strangers = [
      `${login.redirectUri}/favicon.ico`,
      `${login.redirectUri}/`,
      change((url) => url.searchParams.set('state', 'another')),
      change((url) => url.searchParams.delete('state')),
      change((url) => url.searchParams.delete('code')),
      change((url) => {
        url.pathname = '/elsewhere';
      }),
    ];
    for (const url of strangers) {
      const answer = await fetch(url);
      expect([url, answer.status]).toEqual([url, 400]);
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect((await fetch(good, { method: 'POST' })).status).toBe(400);
    for (const host of ['attacker.example', `attacker.example:${login.port}`, 'localhost']) {
      expect([host, await statusOf(good, host)]).toEqual([host, 400]);
    }
    expect(await storedIn(partner)).toBe(deadToken);

    const page = await fetch(good);
    expect(page.status).toBe(200);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
    });
    expect(await page.text()).toContain('You can close this window');
    expect((await login.ended).exitCode).toBe(0);
    expect(await isPortFree(login.port)).toBe(true);
  });

  it.for(['SIGINT', 'SIGTERM'] as const)('gives its port back at %s', async (signal, context) => {
    needSignals(context);
    const partner = await startWithDeadTokens();
    const login = await startLogin(partner);
    login.kill(signal);
    const { exitCode, stdout, stderr } = await login.ended;
    expect(stdout).toBe('');
    expect(stderr).toContain(`ended by ${signal}`);
    expect(exitCode).toBe(1);
    expect(await isPortFree(login.port)).toBe(true);
    expect(await storedIn(partner)).toBe(deadToken);
  });
});

describe('login stores nothing, exits with 1 and says why', () => {
  it.each<[what: string, signIn: SignInOptions, why: RegExp]>([
    [
      'where consent is declined',
      { authorizationRefusal: { error: 'access_denied', code: 65004 } },
      /AADSTS65004, access_denied\): the app has no consent for Partner Center/,
    ],
    [
      'where the page asks for MFA that the user does not have',
      { authorizationRefusal: { error: 'interaction_required', code: 50076 } },
      /AADSTS50076, interaction_required\): the sign-in needs multi-factor authentication/,
    ],
    [
      'where the code is refused for want of MFA',
      { refusal: { error: 'invalid_grant', code: 50076 } },
      /token answered 400 \(AADSTS50076.*needs multi-factor authentication/,
    ],
    [
      'where the client secret is wrong',
      { clientSecret: 'another' },
      /AADSTS7000215.*set PARTNER_CENTER_CLIENT_SECRET to its value/,
    ],
    [
      'where Partner Center refuses a sign-in without MFA',
      { isWithoutMfa: true },
      /was without multi-factor authentication \(Partner Center says so; amr: pwd\), and nothing/,
    ],
    [
      'where Partner Center takes, but does not like, a sign-in without MFA',
      { isWithoutMfa: true, isMfaEnforced: false, isOpaque: true },
      /was without multi-factor authentication \(Partner Center says so\), and nothing/,
    ],
    [
      'where the token is for another audience',
      { hasWrongAudience: true },
      /900420.*nothing was stored/,
    ],
  ])('%s', async (_what, options, why) => {
    const partner = await startWithDeadTokens(options);
    const { end, page } = await signIn(partner);
    expect(end.stderr).toMatch(why);
    expect(end.stdout).toBe('');
    expect(end.exitCode).toBe(1);
    expect(page.status).toBe(200);
    expect(await storedIn(partner)).toBe(deadToken);
  });

  it('where the user may not list customers', async () => {
    const partner = await startWithDeadTokens();
    const body = '{"code":900150,"description":"The role lacks the right."}';
    partner.simulator.overrides = { '/v1/customers': { status: 403, body } };
    const { end } = await signIn(partner);
    expect(end.stderr).toMatch(/Admin agent role.*nothing was stored/);
    expect(end.exitCode).toBe(1);
    expect(await storedIn(partner)).toBe(deadToken);
  });

  it('where the file cannot be written, without showing what stands in its setting', async () => {
    const partner = await startPartner();
    partner.settings[fileSetting] = `${fileOf(partner)}-missing/token`;
    const { end } = await signIn(partner);
    expect(end.stderr).toMatch(/PARTNER_CENTER_REFRESH_TOKEN_FILE cannot be written \(ENOENT\)/);
    expect(end.stderr).not.toContain('-missing');
    expect(end.exitCode).toBe(1);
  });

  it('where the store cannot be read, before the user takes any trouble', async () => {
    const partner = await startPartner();
    await mkdir(fileOf(partner), { mode: 0o700 });
    const end = await runCommandLine(['login', '--no-browser'], partner.settings);
    expect(end.stderr).toContain('PARTNER_CENTER_REFRESH_TOKEN_FILE cannot be read (EISDIR)');
    expect(end.stderr).not.toMatch(signInPage);
    expect(end.exitCode).toBe(1);
  });

  it('waits on where the page itself refuses, as for an unknown tenant, until Ctrl-C', async () => {
    const partner = await startWithDeadTokens();
    partner.settings['PARTNER_CENTER_TENANT_ID'] = '6a3b7c10-0000-4000-8000-00000000000a';
    const login = await startLogin(partner);
    const page = await fetch(login.url, { redirect: 'manual' });
    expect([page.status, await page.text()]).toEqual([400, expect.stringMatching(/^AADSTS90002/)]);
    expect(login.stderr()).toContain('Ctrl-C ends this');
    login.kill('SIGINT');
    expect((await login.ended).exitCode).toBe(canSendSignals ? 1 : null);
    expect(await storedIn(partner)).toBe(deadToken);
  });
});

describe('login with settings that it cannot work with exits with 2', () => {
  const login = (settings: Record<string, string>) =>
    runCommandLine(['login', '--no-browser'], settings);

  it('a token in the settings alone: it needs a place for the new one', async () => {
    const { settings } = await startPartner();
    delete settings[fileSetting];
    const { exitCode, stderr } = await login(settings);
    expect(stderr).toMatch(/^KEY_VAULT_URI, PARTNER_CENTER_REFRESH_TOKEN_FILE: .*a place to keep/);
    expect(stderr).not.toMatch(signInPage);
    expect(exitCode).toBe(2);
  });

  it('a managed identity: it says what a laptop needs instead', async () => {
    const { settings } = await startPartner();
    delete settings['PARTNER_CENTER_CLIENT_SECRET'];
    const { exitCode, stderr } = await login({
      ...settings,
      PARTNER_CENTER_CLIENT_ASSERTION: 'managed-identity',
    });
    expect(stderr).toMatch(/unset PARTNER_CENTER_CLIENT_ASSERTION and set PARTNER_CENTER_CLIENT_S/);
    expect(stderr).not.toMatch(signInPage);
    expect(exitCode).toBe(2);
  });

  it('settings that are missing: it names them all', async () => {
    const { exitCode, stderr } = await login({});
    expect(stderr.trimEnd().split('\n')).toHaveLength(4);
    expect(exitCode).toBe(2);
  });

  it('prints no secret, no code and no token, here or in any of these calls', () => {
    expect(secrets.size).toBeGreaterThan(20);
    expect([...secrets].filter((secret) => printed.join('').includes(secret))).toEqual([]);
  });
});
