import { refuseCode } from './authorize.ts';
import type { SignInHost } from './signInHost.ts';
import { defaultClientSecret } from './signInOptions.ts';
import { Refusal, refuseClientId } from './signInRefusal.ts';

/** Checks the app: its id, and its secret or an assertion in the shape of one. */
export function refuseClient(host: SignInHost, form: URLSearchParams): Refusal | undefined {
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
  if (secret === (host.options.clientSecret ?? defaultClientSecret)) return undefined;
  return new Refusal(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
}

/** Checks the grant of a token request. */
export function refuseGrant(host: SignInHost, form: URLSearchParams): Refusal | undefined {
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return refuseCode(host, form);
    case 'refresh_token':
      return refuseRefreshToken(host, form);
    case 'client_credentials':
      return refuseClientCredentials(form);
    default:
      return new Refusal(400, 'unsupported_grant_type', 70003, 'The grant type is not supported.');
  }
}

function refuseRefreshToken({ mint, clock }: SignInHost, form: URLSearchParams) {
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

/** An app cannot ask for single scopes: only for `/.default`, or by resource. */
function refuseClientCredentials(form: URLSearchParams): Refusal | undefined {
  const scope = form.get('scope') ?? '';
  if (form.has('resource') || scope.endsWith('/.default')) return undefined;
  const text = 'Client credential flows must have a scope value with /.default suffixed.';
  return new Refusal(400, 'invalid_scope', 1002012, text);
}
