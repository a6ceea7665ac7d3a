import { refuseCode } from './authorize.ts';
import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from './exchange.ts';
import { createGuid } from './guid.ts';
import type { SignInHost } from './signInHost.ts';
import { apiAudience } from './signInOptions.ts';
import { Refusal, refusalAnswer, refuseClientId, refuseTenant } from './signInRefusal.ts';
import type { TokenClaims } from './token.ts';

/** Entra: a refresh token lives 90 days, and using it does not revoke it. */
const refreshTokenLifetimeSeconds = 90 * 24 * 3600;

/** A refresh token as an interactive sign-in would have given it, at `nowMs`. */
export function issueRefreshToken(host: SignInHost): string {
  const iat = Math.floor(host.clock.now() / 1000);
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

/** The token endpoint with the grants `refresh_token` and `authorization_code`. */
export function answerToken(
  host: SignInHost,
  tenant: string,
  request: SimulatorRequest,
): SimulatorAnswer {
  const form = new URLSearchParams(request.body ?? '');
  const refusal =
    refuseAsTold(host) ??
    refuseTenant(host, tenant) ??
    refuseClient(host, form) ??
    refuseGrant(host, form);
  if (refusal) return refusalAnswer(host, refusal);
  const scope = form.get('scope') ?? '';
  const audience = host.options.hasWrongAudience ? 'https://graph.windows.net' : audienceOf(scope);
  if (audience === undefined) {
    const text = 'The provided request must include a resource in its scope.';
    return refusalAnswer(host, new Refusal(400, 'invalid_scope', 70011, text));
  }
  const lifetimeSeconds = host.options.accessTokenLifetimeSeconds ?? 3600;
  return jsonAnswer(
    200,
    {
      token_type: 'Bearer',
      scope,
      expires_in: lifetimeSeconds,
      ext_expires_in: lifetimeSeconds,
      access_token: issueAccessToken(host, audience, lifetimeSeconds),
      refresh_token: issueRefreshToken(host),
    },
    { 'cache-control': 'no-store' },
  );
}

function issueAccessToken(host: SignInHost, audience: string, lifetimeSeconds: number): string {
  const { options, mint } = host;
  const iat = Math.floor(host.clock.now() / 1000);
  const claims: TokenClaims = {
    kind: 'access',
    aud: audience,
    iat,
    exp: iat + lifetimeSeconds,
    tid: host.tenantId,
    ...(!options.isAppOnly && {
      amr: options.isWithoutMfa ? ['pwd'] : ['pwd', 'mfa'],
      scp: 'user_impersonation',
      oid: createGuid(host.seed, 0, -3),
      name: 'Simulated Service User',
    }),
    ver: '1.0',
    uti: host.nextSerial(),
  };
  return options.isOpaque ? mint.opaque(claims) : mint.jwt(claims);
}

function refuseAsTold({ options }: SignInHost): Refusal | undefined {
  if (!options.refusal) return undefined;
  const { error, code, text = 'Refused.' } = options.refusal;
  return new Refusal(400, error, code, text);
}

function refuseClient(host: SignInHost, form: URLSearchParams): Refusal | undefined {
  const unknown = refuseClientId(host, form.get('client_id') ?? '');
  if (unknown) return unknown;
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const isJwt = /^[\w-]+\.[\w-]+\.[\w-]*$/.test(assertion);
    if (isJwt && form.get('client_assertion_type') === type) return undefined;
    return new Refusal(401, 'invalid_client', 50027, 'JWT token is invalid or malformed.');
  }
  const secret = form.get('client_secret');
  if (secret === null) {
    const text = "The request body must contain: 'client_assertion' or 'client_secret'.";
    return new Refusal(401, 'invalid_client', 7000218, text);
  }
  if (secret === (host.options.clientSecret ?? secret)) return undefined;
  return new Refusal(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
}

function refuseGrant(host: SignInHost, form: URLSearchParams): Refusal | undefined {
  const { mint, clock } = host;
  if (form.get('grant_type') === 'authorization_code') return refuseCode(host, form);
  if (form.get('grant_type') !== 'refresh_token') {
    return new Refusal(400, 'unsupported_grant_type', 70003, 'The grant type is not supported.');
  }
  const claims = mint.read(form.get('refresh_token') ?? '');
  if (claims?.kind !== 'refresh') {
    const text = "The provided value for the input parameter 'refresh_token' is not valid.";
    return new Refusal(400, 'invalid_grant', 70000, text);
  }
  if (clock.now() < claims.exp * 1000) return undefined;
  const issued = new Date(claims.iat * 1000).toISOString();
  const text = `The refresh token has expired due to inactivity. The token was issued on ${issued} and was inactive for 90.00:00:00.`;
  return new Refusal(400, 'invalid_grant', 700082, text);
}

/** The resource of `https://api.partnercenter.microsoft.com/.default` among the scopes. */
function audienceOf(scope: string): string | undefined {
  const resource = scope.split(' ').find((each) => each.includes('/'));
  return resource?.slice(0, resource.lastIndexOf('/'));
}

/** The signs of trouble of a sign-in host that is better tomorrow. */
export function signInTroubleAnswer(host: SignInHost, kind: number): SimulatorAnswer {
  const text = 'The service is temporarily unavailable. Please retry later.';
  if (kind % 3 === 0) return { status: 503, headers: { 'content-type': 'text/plain' }, body: text };
  // By its status alone the last would be a refusal.
  const status = kind % 3 === 1 ? 503 : 400;
  return refusalAnswer(host, new Refusal(status, 'temporarily_unavailable', 90033, text));
}

/** OpenID Connect discovery; the host is the one that was asked. */
export function answerDiscovery(tenant: string, request: SimulatorRequest): SimulatorAnswer {
  const host = request.headers['host'];
  const base = `${host ? `http://${host}` : 'https://login.microsoftonline.com'}/${tenant}`;
  return jsonAnswer(200, {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
  });
}
