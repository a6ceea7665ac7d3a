import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Signs id tokens as clients expect it: RS256, with a key that anybody can look up. */
export interface SigningKey {
  /** In the shape of a JSON Web Token. */
  sign(claims: object): string;
  /** The public half as a JSON Web Key Set. */
  keySet(): { keys: object[] };
}

const kid = 'simulator';

/** The key is made when it is first needed: few clients ask for an id token. */
export function createSigningKey(): SigningKey {
  let pair: { publicKey: KeyObject; privateKey: KeyObject } | undefined;
  const keys = () => {
    pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
    return pair;
  };
  return {
    sign(claims) {
      const text = `${encode({ typ: 'JWT', alg: 'RS256', kid })}.${encode(claims)}`;
      return `${text}.${sign('sha256', Buffer.from(text), keys().privateKey).toString('base64url')}`;
    },
    keySet: () => ({
      keys: [{ ...keys().publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }],
    }),
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
