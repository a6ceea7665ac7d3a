import { createHmac, timingSafeEqual } from 'node:crypto';

/** The claims of a token; signed, so that the simulator needs no list of issued ones. */
export interface TokenClaims {
  kind: 'access' | 'refresh' | 'code';
  /** The audience of an access token. */
  aud: string;
  /** Seconds since the epoch. */
  iat: number;
  exp: number;
  tid: string;
  /** The app that an access token was issued to. */
  appid?: string;
  /** `app` of an app-only access token. */
  idtyp?: string;
  /** Authentication methods of a user's sign-in. */
  amr?: string[];
  /** `user_impersonation` of a user's token; absent on an app-only one. */
  scp?: string;
  /** The user's id and name; absent on an app-only token. */
  oid?: string;
  name?: string;
  /** Of an authorization code: what has to be sent with it. */
  redirectUri?: string;
  challenge?: string;
  /** Of an authorization code: repeated in the id token. */
  nonce?: string;
  ver: string;
  /** Serial number, by which two tokens of the same second differ. */
  uti: number;
}

/** Signs and reads tokens. */
export interface TokenMint {
  /** In the shape of a JSON Web Token. */
  jwt(claims: TokenClaims): string;
  /** In a form that clients cannot read. */
  opaque(claims: TokenClaims): string;
  /** `undefined` for a token that this simulator did not sign. */
  read(token: string): TokenClaims | undefined;
}

export function createTokenMint(seed: number): TokenMint {
  const header = encode({ typ: 'JWT', alg: 'HS256', kid: `seed-${seed}` });
  const sign = (payload: string) =>
    createHmac('sha256', `simulator-${seed}`).update(payload).digest('base64url');
  return {
    jwt(claims) {
      const payload = encode(claims);
      return `${header}.${payload}.${sign(payload)}`;
    },
    opaque(claims) {
      const payload = encode(claims);
      return `1_${payload}~${sign(payload)}`;
    },
    read(token) {
      const match = /^(?:1_|[\w-]+\.)([\w-]+)[.~]([\w-]+)$/.exec(token);
      const [, payload = '', signature = ''] = match ?? [];
      if (!match || !isEqual(signature, sign(payload))) return undefined;
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as TokenClaims;
    },
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
