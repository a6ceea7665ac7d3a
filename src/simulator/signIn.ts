import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from './exchange.ts';
import { refuseClient, refuseGrant } from './grants.ts';
import { clientInfoOf, issueAccessToken, issueIdToken, issueRefreshToken } from './issuedTokens.ts';
import type { Route } from './route.ts';
import type { SignInHost } from './signInHost.ts';
import { Refusal, refusalAnswer, refuseTenant } from './signInRefusal.ts';

/** A token request, apart from its proof of app and user. */
interface TokenRequest {
  /** Entra's v1 endpoint names a `resource` in place of scopes, and answers numbers as strings. */
  isVersion1: boolean;
  form: URLSearchParams;
  scopes: string[];
  /** `undefined` where none is named. */
  audience: string | undefined;
  /** Of id tokens. */
  issuer: string;
}

/** The token endpoints, v2.0 and v1. */
export function answerToken(
  host: SignInHost,
  { tenant, isVersion1 }: Route,
  request: SimulatorRequest,
): SimulatorAnswer {
  const form = new URLSearchParams(request.body ?? '');
  const scopes = (form.get('scope') ?? '').split(' ');
  const asked: TokenRequest = {
    isVersion1,
    form,
    scopes,
    audience: isVersion1 ? (form.get('resource') ?? undefined) : audienceOf(scopes),
    issuer: isVersion1
      ? `https://sts.windows.net/${host.tenantId}/`
      : `${baseOf(tenant, request)}/v2.0`,
  };
  const refusal =
    refuseAsConfigured(host) ??
    refuseTenant(host, tenant) ??
    refuseClient(host, form) ??
    refuseGrant(host, form) ??
    refuseAudience(asked);
  if (refusal) return refusalAnswer(host, refusal);
  return jsonAnswer(200, tokensOf(host, asked), { 'cache-control': 'no-store' });
}

function refuseAsConfigured({ options }: SignInHost): Refusal | undefined {
  if (!options.refusal) return undefined;
  const { error, code, text = 'Refused.' } = options.refusal;
  return new Refusal(400, error, code, text);
}

function refuseAudience({ audience, isVersion1 }: TokenRequest): Refusal | undefined {
  if (audience) return undefined;
  if (isVersion1) {
    const text = "The request body must contain the following parameter: 'resource'.";
    return new Refusal(400, 'invalid_request', 900144, text);
  }
  const text = 'The provided request must include a resource in its scope.';
  return new Refusal(400, 'invalid_scope', 70011, text);
}

/** The resource of `https://api.partnercenter.microsoft.com/.default` among the scopes. */
function audienceOf(scopes: readonly string[]): string | undefined {
  const resource = scopes.find((each) => each.includes('/'));
  return resource?.slice(0, resource.lastIndexOf('/'));
}

function tokensOf(host: SignInHost, asked: TokenRequest) {
  const { options, mint } = host;
  const { form, isVersion1, scopes, issuer } = asked;
  const clientId = form.get('client_id') ?? '';
  const isAppGrant = form.get('grant_type') === 'client_credentials';
  const lifetimeSeconds = options.accessTokenLifetimeSeconds ?? 3600;
  const audience = options.hasWrongAudience ? 'https://graph.windows.net' : (asked.audience ?? '');
  const isAppOnly = isAppGrant || options.isAppOnly === true;
  const accessToken = issueAccessToken(host, { audience, clientId, isAppOnly, lifetimeSeconds });
  const life = isVersion1
    ? livesAsTexts(host, lifetimeSeconds)
    : { expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds };
  const app = {
    token_type: 'Bearer',
    ...life,
    ...(isVersion1 && { resource: asked.audience }),
    access_token: accessToken,
  };
  if (isAppGrant) return app;
  const nonce = mint.read(form.get('code') ?? '')?.nonce;
  return {
    ...app,
    scope: isVersion1 ? 'user_impersonation' : scopes.join(' '),
    refresh_token: issueRefreshToken(host),
    ...(scopes.includes('openid') && {
      id_token: issueIdToken(host, { issuer, clientId, nonce, lifetimeSeconds }),
      client_info: clientInfoOf(host),
    }),
  };
}

/** Entra's v1 endpoint writes each number as a text. */
function livesAsTexts({ clock }: SignInHost, lifetimeSeconds: number) {
  const nowSeconds = Math.floor(clock.now() / 1000);
  return {
    expires_in: String(lifetimeSeconds),
    ext_expires_in: String(lifetimeSeconds),
    expires_on: String(nowSeconds + lifetimeSeconds),
    not_before: String(nowSeconds),
  };
}

/** Answers of a sign-in host with a transient failure. */
export function signInTroubleAnswer(host: SignInHost, kind: number): SimulatorAnswer {
  const text = 'The service is temporarily unavailable. Please retry later.';
  if (kind % 3 === 0) return { status: 503, headers: { 'content-type': 'text/plain' }, body: text };
  // By its status 400 alone the last would be a refusal.
  const status = kind % 3 === 1 ? 503 : 400;
  return refusalAnswer(host, new Refusal(status, 'temporarily_unavailable', 90033, text));
}

/** The base of a tenant's endpoints, by the host of the request or of a proxy before it. */
function baseOf(tenant: string, { headers }: SimulatorRequest): string {
  const { host } = headers;
  const scheme = headers['x-forwarded-proto'] ?? 'http';
  return `${host ? `${scheme}://${host}` : 'https://login.microsoftonline.com'}/${tenant}`;
}

/** OpenID Connect discovery. */
export function answerDiscovery(tenant: string, request: SimulatorRequest): SimulatorAnswer {
  const base = baseOf(tenant, request);
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
