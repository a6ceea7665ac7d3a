import { createGuid } from './guid.ts';
import type { SignInHost } from './signInHost.ts';
import { apiAudience } from './signInOptions.ts';
import { signIdToken } from './signingKey.ts';
import type { TokenClaims } from './token.ts';

/** Entra: a refresh token lives 90 days, and using it does not revoke it. */
const refreshTokenLifetimeSeconds = 90 * 24 * 3600;

const userName = 'Simulated Service User';

const secondsOf = ({ clock }: SignInHost) => Math.floor(clock.now() / 1000);
const userIdOf = ({ seed }: SignInHost) => createGuid(seed, 0, -3);

/** A refresh token as an interactive sign-in would have given it, at `nowMs`. */
export function issueRefreshToken(host: SignInHost): string {
  const iat = secondsOf(host);
  return host.mint.opaque({
    kind: 'refresh',
    aud: apiAudience,
    iat,
    exp: iat + refreshTokenLifetimeSeconds,
    tid: host.tenantId,
    ver: '1.0',
    uti: host.nextSerial(),
  });
}

export interface AccessTokenFacts {
  audience: string;
  clientId: string;
  isAppOnly: boolean;
  lifetimeSeconds: number;
}

export function issueAccessToken(host: SignInHost, facts: AccessTokenFacts): string {
  const { options, mint } = host;
  const iat = secondsOf(host);
  const claims: TokenClaims = {
    kind: 'access',
    aud: facts.audience,
    iat,
    exp: iat + facts.lifetimeSeconds,
    tid: host.tenantId,
    appid: facts.clientId,
    ...(facts.isAppOnly
      ? { idtyp: 'app' }
      : {
          amr: options.isWithoutMfa ? ['pwd'] : ['pwd', 'mfa'],
          scp: 'user_impersonation',
          oid: userIdOf(host),
          name: userName,
        }),
    ver: '1.0',
    uti: host.nextSerial(),
  };
  return options.isOpaque ? mint.opaque(claims) : mint.jwt(claims);
}

/** An id token with those claims of Entra's that clients read. */
export function issueIdToken(
  host: SignInHost,
  facts: { issuer: string; clientId: string; nonce: string | undefined; lifetimeSeconds: number },
): string {
  const iat = secondsOf(host);
  const oid = userIdOf(host);
  return signIdToken({
    aud: facts.clientId,
    iss: facts.issuer,
    iat,
    nbf: iat,
    exp: iat + facts.lifetimeSeconds,
    name: userName,
    ...(facts.nonce && { nonce: facts.nonce }),
    oid,
    preferred_username: 'service.user@partner.example',
    // Entra's differs for each app; here it only has to differ from the oid.
    sub: createGuid(host.seed, 0, -4),
    tid: host.tenantId,
    uti: String(host.nextSerial()),
    ver: '2.0',
  });
}

/** The account's id in the format of Microsoft's authentication libraries. */
export function clientInfoOf(host: SignInHost): string {
  const info = { uid: userIdOf(host), utid: host.tenantId };
  return Buffer.from(JSON.stringify(info)).toString('base64url');
}
