import { createHash } from 'node:crypto';
import type { SimulatorAnswer } from './exchange.ts';
import type { SignInHost } from './signInHost.ts';
import { apiAudience } from './signInOptions.ts';
import { describeRefusal, Refusal, refuseClientId, refuseTenant } from './signInRefusal.ts';

/** Microsoft Entra: authorization codes expire after about ten minutes. */
const codeLifetimeSeconds = 600;

/**
 * The authorization endpoint: the user is sent back with a code at once, as after sign-in with MFA.
 * As in Entra, an unknown tenant or app or an unregistered redirect URI is answered by a page, not
 * by a redirect.
 */
export function answerAuthorize(
  host: SignInHost,
  tenant: string,
  query: URLSearchParams,
): SimulatorAnswer {
  const redirectUri = query.get('redirect_uri') ?? '';
  const page =
    refuseTenant(host, tenant) ??
    refuseClientId(host, query.get('client_id') ?? '') ??
    refuseRedirectUri(redirectUri);
  if (page) {
    const body = describeRefusal(host, page).error_description;
    return { status: page.status, headers: { 'content-type': 'text/plain' }, body };
  }
  const configured = host.options.authorizationRefusal;
  const refusal =
    refuseParameters(query) ??
    (configured &&
      new Refusal(302, configured.error, configured.code, configured.text ?? 'Refused.'));
  // Like Entra, this adds a slash to a redirect URI without a path.
  const location = new URL(redirectUri);
  const { error, error_description } = refusal ? describeRefusal(host, refusal) : {};
  const fields = { code: refusal ? undefined : issueCode(host, query), error, error_description };
  for (const [name, value] of Object.entries({ ...fields, state: query.get('state') })) {
    if (value) location.searchParams.set(name, value);
  }
  return {
    status: 302,
    headers: { location: location.href, 'cache-control': 'no-store' },
    body: '',
  };
}

/** The registered one is `http://localhost` of the platform Web: Entra ignores its port. */
function refuseRedirectUri(redirectUri: string): Refusal | undefined {
  if (/^http:\/\/localhost(:\d{1,5})?\/?$/.test(redirectUri)) return undefined;
  const text = `The redirect URI '${redirectUri}' does not match those of the application.`;
  return new Refusal(400, 'invalid_request', 50011, text);
}

function refuseParameters(query: URLSearchParams): Refusal | undefined {
  const isCode = query.get('response_type') === 'code';
  const hasChallenge = /^[\w-]{43}$/.test(query.get('code_challenge') ?? '');
  if (!isCode || !hasChallenge || query.get('code_challenge_method') !== 'S256') {
    return new Refusal(302, 'invalid_request', 900144, 'A required parameter is missing.');
  }
  const scopes = query.get('scope')?.split(' ') ?? [];
  if (scopes.some((each) => each.startsWith(`${apiAudience}/`))) return undefined;
  return new Refusal(302, 'invalid_scope', 70011, 'The scope is not valid.');
}

function issueCode({ clock, mint, tenantId, nextSerial }: SignInHost, query: URLSearchParams) {
  const iat = Math.floor(clock.now() / 1000);
  return mint.opaque({
    kind: 'code',
    aud: apiAudience,
    iat,
    exp: iat + codeLifetimeSeconds,
    tid: tenantId,
    ver: '1.0',
    uti: nextSerial(),
    redirectUri: query.get('redirect_uri') ?? '',
    challenge: query.get('code_challenge') ?? '',
    nonce: query.get('nonce') ?? '',
  });
}

/** The grant `authorization_code`; a code can be redeemed once. */
export function refuseCode(host: SignInHost, form: URLSearchParams): Refusal | undefined {
  const refuse = (code: number, text: string) => new Refusal(400, 'invalid_grant', code, text);
  const claims = host.mint.read(form.get('code') ?? '');
  if (claims?.kind !== 'code') return refuse(70000, 'The provided code is not valid.');
  if (host.clock.now() >= claims.exp * 1000) {
    return refuse(70008, 'The provided authorization code has expired.');
  }
  if (form.get('redirect_uri') !== claims.redirectUri) {
    return refuse(500112, 'The reply address does not match the one of the authorization code.');
  }
  const verifier = form.get('code_verifier') ?? '';
  if (createHash('sha256').update(verifier).digest('base64url') !== claims.challenge) {
    return refuse(501481, 'The Code_Verifier does not match the code_challenge.');
  }
  if (host.redeemedCodes.has(claims.uti)) {
    return refuse(54005, 'OAuth2 Authorization code was already redeemed.');
  }
  host.redeemedCodes.add(claims.uti);
  return undefined;
}
