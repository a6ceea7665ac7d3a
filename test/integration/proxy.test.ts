import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import {
  endAll,
  findClosedPort,
  printed,
  runCommandLine,
  secrets,
  startPartner,
  storageAt,
  type TestPartner,
} from '../support/commandLine.ts';
import { type ConnectProxy, startConnectProxy } from '../support/connectProxy.ts';
import { type HttpServer, startHttpServer } from '../support/httpServer.ts';
import { passOn, startTlsServer, type TlsServer } from '../support/tlsServer.ts';

/** Names that the proxy alone knows; behind them are the servers of this file. */
const names = ['partner', 'login', 'vault', 'tables', 'blobs'] as const;
const hostOf = (name: (typeof names)[number]) => `${name}.partner.example`;
const tunnelsOf = (...asked: (typeof names)[number][]) =>
  asked.map((name) => `${hostOf(name)}:443`);

let azurite: EmbeddedAzurite;
let partner: TestPartner;
let tls: TlsServer;
let proxy: ConnectProxy;
let identity: HttpServer;
let folder: string;
/** All settings, with every host behind the proxy. */
let settings: Record<string, string>;
let storedToken = '';

beforeAll(async () => {
  azurite = await startAzurite();
  partner = await startPartner({ seed: 3 }, azurite.connectionString);
  const [, blobEndpoint = ''] = /BlobEndpoint=([^;]+)/.exec(azurite.connectionString) ?? [];
  const blobPort = Number(new URL(blobEndpoint).port);
  const partnerPort = Number(new URL(partner.settings['PARTNER_CENTER_BASE_URL'] ?? '').port);
  storedToken = partner.simulator.refreshToken;
  tls = await startTlsServer('*.partner.example', (request, response) => {
    const { host } = request.headers;
    if (host === hostOf('vault')) return answerAsVault(request, response);
    const isOfBlobs = host === hostOf('blobs');
    if (!isOfBlobs && host !== hostOf('tables')) return passOn(request, response, partnerPort);
    // Azurite would take the name for that of an account.
    request.headers.host = '127.0.0.1';
    passOn(request, response, isOfBlobs ? blobPort : azurite.port);
  });
  proxy = await startConnectProxy(() => ({ port: tls.port }));
  identity = await startHttpServer((_request, response) => {
    const expires_on = Math.floor(Date.now() / 1000) + 3_600;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ access_token: 'of-the-identity', expires_on, token_type: 'Bearer' }),
    );
  });
  folder = await mkdtemp(join(tmpdir(), 'proxy-'));
  const authorities = join(folder, 'authorities.pem');
  await writeFile(authorities, tls.certificatePem);
  const {
    PARTNER_CENTER_REFRESH_TOKEN: _,
    PARTNER_CENTER_REFRESH_TOKEN_FILE: __,
    ...own
  } = partner.settings;
  settings = {
    ...own,
    PARTNER_CENTER_BASE_URL: `https://${hostOf('partner')}`,
    PARTNER_CENTER_AUTHORITY_HOST: `https://${hostOf('login')}`,
    KEY_VAULT_URI: `https://${hostOf('vault')}`,
    SNAPSHOT_STORAGE: storageAt(1).replace(
      /TableEndpoint=.*$/,
      `TableEndpoint=https://${hostOf('tables')}/devstoreaccount1;` +
        `BlobEndpoint=https://${hostOf('blobs')}/devstoreaccount1`,
    ),
    IDENTITY_ENDPOINT: `${identity.url}/msi/token`,
    IDENTITY_HEADER: 'header',
    NODE_EXTRA_CA_CERTS: authorities,
  };
});
afterAll(async () => {
  await endAll();
  await Promise.all([proxy.close(), tls.close(), identity.close(), azurite.stop()]);
  await rm(folder, { recursive: true });
});

/** As much of Key Vault as the token takes: a challenge first, then one secret. */
function answerAsVault(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json');
  if (request.headers.authorization !== 'Bearer of-the-identity') {
    const challenge = `Bearer authorization="https://${hostOf('login')}/t", resource="https://partner.example"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end('{}');
    return;
  }
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    if (request.method === 'PUT') storedToken = JSON.parse(body).value;
    const created = Math.floor(Date.now() / 1000);
    const id = `https://${hostOf('vault')}/secrets/partner-center-refresh-token/1`;
    response.end(JSON.stringify({ id, value: storedToken, attributes: { created } }));
  });
}

async function run(args: string[], env: Record<string, string>) {
  proxy.tunnels.length = 0;
  proxy.requests.length = 0;
  identity.requests.length = 0;
  const end = await runCommandLine(args, env);
  return { ...end, tunnels: [...new Set(proxy.tunnels)].sort() };
}

describe('behind a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])(
    '%s leads to the sign-in host, Partner Center, Key Vault, tables and blobs, and not to the identity',
    async (name) => {
      const env = { ...settings, [name]: proxy.url, HTTP_PROXY: proxy.url };
      const { exitCode, stdout, stderr, tunnels } = await run(['doctor'], env);
      expect(stderr).toBe('');
      expect(stdout).not.toMatch(/^(BAD|--)/m);
      expect(stdout).toMatch(/^ok {2,}tables: can be reached/m);
      expect(exitCode).toBe(0);
      expect(tunnels).toEqual(tunnelsOf('blobs', 'login', 'partner', 'tables', 'vault'));
      expect(identity.requests.length).toBeGreaterThan(0);
      expect(proxy.requests).toEqual([]);
    },
  );

  it('a run is recorded, and its history read', async () => {
    const env = { ...settings, HTTPS_PROXY: proxy.url };
    const night = await run(['snapshot', '--json'], env);
    expect(JSON.parse(night.stdout)).toMatchObject({ status: 'complete' });
    const { stdout, tunnels } = await run(['runs', '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject([{ status: 'complete' }]);
    expect(tunnels).toEqual(tunnelsOf('tables'));
  });

  it('a host in NO_PROXY is reached directly, or not at all', async () => {
    const env = {
      ...settings,
      HTTPS_PROXY: proxy.url,
      NO_PROXY: `.example.org, ${hostOf('partner')}`,
    };
    const { exitCode, stdout, tunnels } = await run(['doctor'], env);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^BAD {2}customers: GET \/v1\/customers got no answer: partner\.partner\.example cannot be reached \(\w+\); where .*HTTPS_PROXY/m,
    );
    expect(stdout).toMatch(/^ok {2,}tables: can be reached/m);
    expect(tunnels).toEqual(tunnelsOf('blobs', 'login', 'tables', 'vault'));
  });
});

describe('a proxy at which nobody answers', () => {
  it('stands in the way of nothing on this machine', async () => {
    const dead = `http://127.0.0.1:${await findClosedPort()}`;
    const env = Object.fromEntries(
      ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [
        [name, dead],
        [name.toLowerCase(), dead],
      ]),
    );
    const { exitCode, stdout } = await run(['doctor'], { ...partner.settings, ...env });
    expect(stdout).not.toMatch(/^(BAD|--)/m);
    expect(exitCode).toBe(0);
  });

  it('is named by the host that it stands in the way of', async () => {
    const dead = `http://user:Marked-password@127.0.0.1:${await findClosedPort()}`;
    secrets.add('Marked-password');
    const { exitCode, stderr } = await run(['usage'], {
      ...settings,
      KEY_VAULT_URI: '',
      PARTNER_CENTER_REFRESH_TOKEN: partner.simulator.refreshToken,
      HTTPS_PROXY: dead,
    });
    expect(stderr).toMatch(
      /login\.partner\.example cannot be reached \(ECONNREFUSED\) by the proxy that HTTPS_PROXY names\n$/,
    );
    expect(exitCode).toBe(1);
  });
});

describe('a proxy that cannot be one', () => {
  it.each([['demo'], ['doctor'], ['usage'], ['runs']])(
    'is a bad setting of `%s`, and its password is not told',
    async (command) => {
      const marked = 'http://user:Marked-password@pro xy:80';
      const { exitCode, stdout, stderr } = await run([command], {
        ...partner.settings,
        HTTPS_PROXY: marked,
      });
      expect(stdout + stderr).toMatch(/HTTPS_PROXY: expected a proxy's URL/);
      expect(exitCode).toBe(2);
    },
  );
});

describe('a certificate that nobody trusts', () => {
  it('is no passing fault: `usage` names host and cure after one try', async () => {
    const { NODE_EXTRA_CA_CERTS: _, ...untrusting } = settings;
    const before = tls.connections();
    const { exitCode, stderr } = await run(['usage'], {
      ...untrusting,
      KEY_VAULT_URI: '',
      PARTNER_CENTER_REFRESH_TOKEN: partner.simulator.refreshToken,
      HTTPS_PROXY: proxy.url,
    });
    expect(stderr).toMatch(
      /certificate of login\.partner\.example is not trusted .*NODE_EXTRA_CA_CERTS/,
    );
    expect(exitCode).toBe(1);
    expect(tls.connections() - before).toBe(1);
  });

  it('ends a run at once, too', async () => {
    const { NODE_EXTRA_CA_CERTS: _, ...untrusting } = settings;
    const { exitCode, stderr } = await run(['snapshot'], {
      ...untrusting,
      SNAPSHOT_STORAGE: azurite.connectionString,
      KEY_VAULT_URI: '',
      PARTNER_CENTER_REFRESH_TOKEN: partner.simulator.refreshToken,
      HTTPS_PROXY: proxy.url,
    });
    expect(stderr).toMatch(/certificate of login\.partner\.example is not trusted/);
    expect(exitCode).toBe(1);
  });

  it('of Key Vault and of the tables is named with the cure by `doctor`', async () => {
    const { NODE_EXTRA_CA_CERTS: _, ...untrusting } = settings;
    const { exitCode, stdout } = await run(['doctor'], { ...untrusting, HTTPS_PROXY: proxy.url });
    for (const [check, host] of [
      ['refresh token', hostOf('vault')],
      ['tables', hostOf('tables')],
    ]) {
      expect(stdout).toMatch(
        new RegExp(
          `^BAD  ${check}: .*certificate of ${host} is not trusted .*NODE_EXTRA_CA_CERTS`,
          'm',
        ),
      );
    }
    expect(exitCode).toBe(1);
  });
});

it('no secret is printed by any of these commands', () => {
  expect([...secrets].filter((secret) => printed.join('').includes(secret))).toEqual([]);
});
