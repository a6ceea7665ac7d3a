import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ClientAuth, ClientSecretPost, modifyAssertion, PrivateKeyJwt } from 'openid-client';
import type { Clock } from '../clock.ts';
import { ConfigurationError, messageOf } from '../errors.ts';

/** How the app authenticates to the sign-in host. It is called for every token request. */
export type ClientAuthentication = ClientAuth;

/** By a client secret, in the body of the request. */
export function createSecretAuthentication(clientSecret: string): ClientAuthentication {
  return ClientSecretPost(clientSecret);
}

/** By a token that another service signed, such as a managed identity's. */
export function createAssertionAuthentication(
  getAssertion: () => Promise<string>,
): ClientAuthentication {
  return async (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', await getAssertion());
  };
}

/**
 * By a certificate: a PEM file with the certificate and its private key (RSA, not encrypted). The
 * file is read for every token request, so that a renewed certificate needs no restart.
 *
 * It throws a ConfigurationError where the file cannot be used.
 */
export function createCertificateAuthentication(options: {
  path: string;
  clock: Clock;
}): ClientAuthentication {
  return async (...request) => {
    const { privateKey, thumbprint } = readCertificate(await readPem(options.path));
    await createKeyAuthentication({ privateKey, thumbprint, clock: options.clock })(...request);
  };
}

/** Short, as the assertion is used at once; long enough for clocks that differ by minutes. */
const assertionLifetimeSeconds = 600;

/**
 * By an assertion signed with a private key (Microsoft Entra: certificate credentials): PS256, the
 * certificate's thumbprint as `x5t#S256`, the token endpoint as audience.
 */
function createKeyAuthentication(options: {
  privateKey: KeyObject;
  /** SHA-256 of the certificate's DER form, base64url. */
  thumbprint: string;
  clock: Clock;
}): ClientAuthentication {
  const key = options.privateKey.toCryptoKey({ name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']);
  return (server, ...request) =>
    PrivateKeyJwt(key, {
      [modifyAssertion](header, payload) {
        header['typ'] = 'JWT';
        header['x5t#S256'] = options.thumbprint;
        const now = Math.floor(options.clock.now() / 1000);
        payload['aud'] = server.token_endpoint;
        payload['iat'] = now;
        payload['nbf'] = now;
        payload['exp'] = now + assertionLifetimeSeconds;
      },
    })(server, ...request);
}

const settingName = 'PARTNER_CENTER_CLIENT_CERTIFICATE_PATH';

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // Node's error quotes the path, which is a secret if two settings were swapped.
    const code = error instanceof Error && 'code' in error ? error.code : 'UNKNOWN';
    throw new ConfigurationError([`${settingName}: cannot be read (${code})`]);
  }
}

/**
 * The private key of a PEM text and the thumbprint of its certificate, in any order and among other
 * certificates of a chain.
 *
 * @throws ConfigurationError where either is missing, or they do not belong together
 */
export function readCertificate(pem: string): { privateKey: KeyObject; thumbprint: string } {
  const blocks = pem.match(/-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g) ?? [];
  const keyBlock = blocks.find((block) => /^-----BEGIN [A-Z ]*PRIVATE KEY/.test(block));
  if (!keyBlock) throw unusable('a file with a private key, got none');
  const privateKey = parseKey(keyBlock);
  const certificate = blocks
    .filter((block) => block.startsWith('-----BEGIN CERTIFICATE-----'))
    .map(parseCertificate)
    .find((candidate) => candidate.checkPrivateKey(privateKey));
  if (!certificate) throw unusable('the certificate of the private key, got none that matches it');
  const thumbprint = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex');
  return { privateKey, thumbprint: thumbprint.toString('base64url') };
}

function parseKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Node's error could quote the key.
    throw unusable('a private key that is readable and not encrypted, got one that is not');
  }
  if (key.asymmetricKeyType === 'rsa') return key;
  throw unusable(`an RSA key, got ${key.asymmetricKeyType}`);
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw unusable(`a readable certificate, got one that is not (${messageOf(error)})`);
  }
}

function unusable(expectation: string): ConfigurationError {
  return new ConfigurationError([`${settingName}: expected ${expectation}`]);
}
