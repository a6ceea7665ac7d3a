import { errorAnswer, type SimulatorAnswer } from './exchange.ts';
import type { Faults } from './faults.ts';
import { isUserOnly, type RouteKind } from './route.ts';
import { apiAudience, type SignInOptions } from './signInOptions.ts';
import type { TokenClaims, TokenMint } from './token.ts';

export interface AuthorizedRequest {
  kind: RouteKind;
  authorization: string | undefined;
  signIn: SignInOptions;
  faults: Faults;
  nowMs: number;
}

/** Checks the bearer tokens of API requests. */
export interface Gatekeeper {
  /** The answer that refuses a request; `undefined` lets it pass. */
  refuse(request: AuthorizedRequest): SimulatorAnswer | undefined;
}

/** A client need not renew a token more than once a minute, so tokens expire no more often. */
const betweenWornOutMs = 90_000;

/** `onWornOut` is called whenever a token has been used as often as the fault `expireToken` lets. */
export function createGatekeeper(mint: TokenMint, onWornOut: () => void): Gatekeeper {
  /** Serial of the newest token that was used: older ones expire with it. */
  let newest = 0;
  let uses = 0;
  let wornOut = 0;
  let wornOutAtMs = Number.NEGATIVE_INFINITY;

  function isWornOut({ uti: serial }: TokenClaims, afterRequests: number, nowMs: number) {
    if (serial > newest) {
      newest = serial;
      uses = 0;
    }
    uses += 1;
    const isDue = nowMs - wornOutAtMs >= betweenWornOutMs;
    if (uses > afterRequests && isDue && wornOut < newest) {
      wornOut = newest;
      wornOutAtMs = nowMs;
      onWornOut();
    }
    return serial <= wornOut;
  }

  return {
    refuse({ kind, authorization, signIn, faults, nowMs }) {
      if (authorization === undefined) {
        return unauthorized(800001, 'Partner token is missing in the request context.');
      }
      const claims = readBearer(mint, authorization);
      if (claims?.kind !== 'access' || nowMs >= claims.exp * 1000) {
        return unauthorized(400, 'Access denied.');
      }
      const { afterRequests } = faults.expireToken ?? {};
      if (afterRequests !== undefined && isWornOut(claims, afterRequests, nowMs)) {
        return unauthorized(400, 'Access denied.');
      }
      return refuseClaims(claims, kind, signIn);
    },
  };
}

function refuseClaims(
  claims: TokenClaims,
  kind: RouteKind,
  signIn: SignInOptions,
): SimulatorAnswer | undefined {
  if (claims.aud !== apiAudience) {
    return unauthorized(900420, 'The audience of the token is no longer supported.');
  }
  if (claims.scp === undefined) {
    const text = 'The resource does not support application-only authentication.';
    return isUserOnly(kind) ? errorAnswer(403, 900329, text) : undefined;
  }
  if (signIn.isMfaEnforced === false || isMfaCompliant(claims)) return undefined;
  return unauthorized(900421, 'The token has no claim of multifactor authentication.');
}

function isMfaCompliant(claims: TokenClaims | undefined): boolean {
  return claims?.amr?.includes('mfa') === true;
}

/** The value of the answer's header `isMfaCompliant` to a request with `ValidateMfa: true`. */
export function isMfaCompliantToken(mint: TokenMint, authorization: string | undefined): boolean {
  return isMfaCompliant(readBearer(mint, authorization ?? ''));
}

function readBearer(mint: TokenMint, authorization: string): TokenClaims | undefined {
  return mint.read(/^Bearer (.+)$/i.exec(authorization)?.[1] ?? '');
}

function unauthorized(code: number, description: string): SimulatorAnswer {
  return errorAnswer(401, code, description, {
    'www-authenticate': 'Bearer error="invalid_token"',
  });
}
