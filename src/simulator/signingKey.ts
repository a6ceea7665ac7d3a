import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/**
 * The key of id tokens, RS256 as clients expect it. It is created on first use, once for all
 * simulators of a process, as that takes longer than hundreds of answers.
 */
let pair: { publicKey: KeyObject; privateKey: KeyObject } | undefined;

function keys() {
  pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return pair;
}

const header = { typ: 'JWT', alg: 'RS256', kid: 'simulator' };

/** An id token, in the shape of a JSON Web Token. */
export function signIdToken(claims: object): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), keys().privateKey).toString('base64url')}`;
}

/** The public half of the key, as a JSON Web Key Set. */
export function publicKeySet() {
  const { kid, alg } = header;
  return { keys: [{ ...keys().publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }] };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
