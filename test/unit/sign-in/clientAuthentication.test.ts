import { constants, createHash, generateKeyPairSync, verify, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FatalError, RetriableError } from '../../../src/errors.ts';
import {
  type ClientAuthentication,
  createAssertionAuthentication,
  createCertificateAuthentication,
  createSecretAuthentication,
  readCertificate,
} from '../../../src/sign-in/clientAuthentication.ts';
import { createCredential } from '../../../src/sign-in/credential.ts';
import { createManagedIdentityAssertion } from '../../../src/sign-in/managedIdentityAssertion.ts';
import { createReadOnlyRefreshTokenStore } from '../../../src/sign-in/refreshTokenStore.ts';
import { createInstantClock } from '../../support/instantClock.ts';
import { createSelfSignedCertificate } from './selfSignedCertificate.ts';
import { startTokenHost } from './tokenHost.ts';

const clientId = '6a3b7c10-0000-4000-8000-00000000000b';
const path = '/6a3b7c10-0000-4000-8000-00000000000a/oauth2/v2.0/token';
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const clock = createInstantClock();

/** Gets a token with the given proof, over HTTP; what the sign-in host was sent. */
async function signInWith(clientAuthentication: ClientAuthentication) {
  await using host = await startTokenHost(() => ({
    json: { token_type: 'Bearer', access_token: 'access', expires_in: 3600 },
  }));
  const credential = createCredential({
    authorityHost: host.url,
    tenantId: path.split('/')[1] ?? '',
    clientId,
    clientAuthentication,
    store: createReadOnlyRefreshTokenStore('refresh'),
    clock,
    random: () => 0,
    events: { emit: () => {} },
  });
  const outcome = await credential.getToken().catch((error: unknown) => error);
  return { outcome, form: host.requests[0]?.form, url: host.url, requests: host.requests.length };
}

const decode = (part: string | undefined) =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;

test('a client secret is sent in the body, and no assertion beside it', async () => {
  const { form } = await signInWith(createSecretAuthentication('Marked~secret/+&'));
  expect(form?.get('client_secret')).toBe('Marked~secret/+&');
  expect(form?.has('client_assertion')).toBe(false);
});

describe('a certificate', () => {
  const { certificatePem, keyPem, publicKey } = createSelfSignedCertificate();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function signInWithPem(pem: string) {
    const file = join(folder, 'app.pem');
    await writeFile(file, pem);
    return await signInWith(createCertificateAuthentication({ path: file, clock }));
  }

  test('proves the app by an assertion that its public key verifies', async () => {
    const { form, url } = await signInWithPem(certificatePem + keyPem);
    expect(form?.get('client_assertion_type')).toBe(jwtBearer);
    expect(form?.get('client_id')).toBe(clientId);
    expect(form?.has('client_secret')).toBe(false);
    const assertion = form?.get('client_assertion') ?? '';
    const [header, payload, signature] = assertion.split('.');
    const der = new X509Certificate(certificatePem).raw;
    expect(decode(header)).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': createHash('sha256').update(der).digest('base64url'),
    });
    const now = clock.now() / 1000;
    expect(decode(payload)).toEqual({
      aud: url + path,
      iss: clientId,
      sub: clientId,
      jti: expect.stringMatching(/^\S{20,}$/),
      iat: now,
      nbf: now,
      exp: now + 600,
    });
    const key = {
      key: publicKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    const signed = Buffer.from(`${header}.${payload}`);
    expect(verify('sha256', signed, key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  });

  test('is found among others, wherever it stands', () => {
    const other = createSelfSignedCertificate('a chain');
    const expected = readCertificate(certificatePem + keyPem).thumbprint;
    for (const pem of [
      keyPem + certificatePem,
      other.certificatePem + certificatePem + keyPem,
      `Bag Attributes\r\n${(keyPem + other.certificatePem + certificatePem).replaceAll('\n', '\r\n')}`,
    ]) {
      expect(readCertificate(pem).thumbprint).toBe(expected);
    }
  });

  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const encrypted = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

  test.each([
    ['nothing', '', 'a private key, got none'],
    ['no key', certificatePem, 'a private key, got none'],
    ['no certificate', keyPem, 'got none that matches'],
    [
      'the certificate of another key',
      keyPem + createSelfSignedCertificate().certificatePem,
      'got none that matches',
    ],
    [
      'a damaged key',
      `${certificatePem}${keyPem.slice(0, 200)}\n-----END PRIVATE KEY-----`,
      'readable',
    ],
    [
      'a damaged certificate',
      `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${keyPem}`,
      'a readable certificate',
    ],
    [
      'an elliptic key',
      certificatePem + elliptic.export({ type: 'pkcs8', format: 'pem' }),
      'RSA key, got ec',
    ],
    [
      'an encrypted key',
      certificatePem +
        encrypted.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
      'not encrypted',
    ],
  ])('file with %s names its setting and sends nothing', async (_what, pem, message) => {
    const { outcome, requests } = await signInWithPem(pem);
    expect(outcome).toMatchObject({ name: 'ConfigurationError' });
    expect(String(outcome)).toContain('PARTNER_CENTER_CLIENT_CERTIFICATE_PATH');
    expect(String(outcome)).toContain(message);
    expect(inspect(outcome, { depth: Infinity })).not.toContain(keyPem.slice(40, 90));
    expect(requests).toBe(0);
  });

  test('file that is missing names its setting', async () => {
    const missing = join(folder, 'missing.pem');
    const { outcome } = await signInWith(createCertificateAuthentication({ path: missing, clock }));
    expect(String(outcome)).toContain(
      'PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: cannot be read (ENOENT)',
    );
    // It may be a secret, where two settings are mixed up.
    expect(inspect(outcome, { depth: null })).not.toContain('missing.pem');
  });
});

describe('a managed identity', () => {
  test.each([
    ['global', 'api://AzureADTokenExchange/.default'],
    ['usgov', 'api://AzureADTokenExchangeUSGov/.default'],
  ] as const)('of the cloud %s proves the app by its own token', async (cloud, expected) => {
    const scopes: string[] = [];
    const getAssertion = createManagedIdentityAssertion({
      cloud,
      source: {
        getToken: async (scope) => ({ token: `assertion-${scopes.push(scope)}` }),
      },
    });
    const { form } = await signInWith(createAssertionAuthentication(getAssertion));
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      client_id: clientId,
      client_assertion_type: jwtBearer,
      client_assertion: 'assertion-1',
    });
    expect(form?.has('client_secret')).toBe(false);
    expect(scopes).toEqual([expected]);
  });

  test('that is missing stops the run with the cure', async () => {
    const failure = Object.assign(new Error('none'), { name: 'CredentialUnavailableError' });
    const getAssertion = createManagedIdentityAssertion({
      cloud: 'global',
      source: { getToken: () => Promise.reject(failure) },
    });
    const { outcome } = await signInWith(createAssertionAuthentication(getAssertion));
    expect(outcome).toBeInstanceOf(FatalError);
    expect(String(outcome)).toContain('AZURE_CLIENT_ID');
  });

  test('that fails for now is asked again', async () => {
    let asked = 0;
    const getAssertion = createManagedIdentityAssertion({
      cloud: 'global',
      source: {
        getToken: async () => {
          asked++;
          if (asked === 1) throw Object.assign(new Error('busy'), { statusCode: 503 });
          return asked === 2 ? null : { token: 'assertion' };
        },
      },
    });
    const { outcome, form } = await signInWith(createAssertionAuthentication(getAssertion));
    expect(outcome).toBe('access');
    expect(form?.get('client_assertion')).toBe('assertion');
    expect(asked).toBe(3);
  });

  test('that fails tells no more than what failed', async () => {
    const getAssertion = createManagedIdentityAssertion({
      cloud: 'global',
      source: { getToken: () => Promise.reject(new Error('Marked-assertion')) },
    });
    const error = await getAssertion().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RetriableError);
    expect(inspect(error, { depth: Infinity })).not.toContain('Marked-assertion');
  });
});
