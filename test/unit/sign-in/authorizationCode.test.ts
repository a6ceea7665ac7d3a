import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createAuthorizationCodeFlow } from '../../../src/sign-in/authorizationCode.ts';
import { createSecretAuthentication } from '../../../src/sign-in/clientAuthentication.ts';
import { createInstantClock } from '../../support/instantClock.ts';
import {
  accessToken,
  clientId,
  clientSecret,
  entraError,
  refreshToken,
  rejectionOf,
  tenantId,
  tokens,
} from './credentialHarness.ts';
import { type Respond, startTokenHost } from './tokenHost.ts';

const redirectUri = 'http://localhost:50123';
const { signal } = new AbortController();
/** The harness marks it, so that every error is searched for it. */
const code = 'Marked-access-code';

async function begin(respond: Respond) {
  const host = await startTokenHost(respond);
  const clock = createInstantClock();
  const flow = createAuthorizationCodeFlow({
    authorityHost: host.url,
    tenantId,
    clientId,
    clientAuthentication: createSecretAuthentication(clientSecret),
    clock,
    random: () => 0.5,
  });
  const pending = await flow.begin(redirectUri);
  const redeem = (query: Record<string, string>) =>
    pending.redeem(new URLSearchParams(query), signal);
  return {
    host,
    flow,
    pending,
    redeem,
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

describe('a code', () => {
  test('is redeemed with the verifier, the redirect URI as it was sent, and the proof', async () => {
    await using signIn = await begin(tokens);
    expect(await signIn.redeem({ code, state: 'any' })).toEqual({
      accessToken: accessToken(1),
      refreshToken: refreshToken(1),
    });
    const [request] = signIn.host.requests;
    expect(request?.path).toBe(`/${tenantId}/oauth2/v2.0/token`);
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://api.partnercenter.microsoft.com/.default offline_access',
    });
  });

  test('is redeemed by and by where the sign-in host is in trouble', async () => {
    const busy = { error: 'temporarily_unavailable', error_codes: [90033] };
    await using signIn = await begin((request, index) =>
      index < 2 ? entraError(503, busy) : tokens(request, index),
    );
    expect(await signIn.redeem({ code })).toMatchObject({ refreshToken: refreshToken(3) });
  });

  test('whose verifier is another one each time, and shown nowhere', async () => {
    await using signIn = await begin(tokens);
    const other = await signIn.flow.begin(redirectUri);
    await signIn.redeem({ code });
    await other.redeem(new URLSearchParams({ code }), signal);
    const verifiers = signIn.host.requests.map(({ form }) => form.get('code_verifier') ?? '');
    expect(new Set(verifiers).size).toBe(2);
    expect(other.state).not.toBe(signIn.pending.state);
    const shown = inspect(signIn.pending, { depth: Infinity, showHidden: true });
    expect(shown).not.toContain(verifiers[0]);
    expect(shown).not.toContain(clientSecret);
  });

  test.each([
    [[70008], 'AADSTS70008', 'the code of the sign-in, has expired'],
    [[54005], 'AADSTS54005', 'was used already'],
    [[700025], 'AADSTS700025', 'on the platform Web'],
    [[50105], 'AADSTS50105', 'assign it to the enterprise application'],
  ])('that is refused with %o names the cure', async (codes, expected, cure) => {
    const body = { error: 'invalid_grant', error_codes: codes };
    await using signIn = await begin(() => entraError(400, body));
    const error = await rejectionOf(signIn.redeem({ code }));
    expect(error).toMatchObject({ name: 'FatalError', code: expected });
    expect(error.message).toContain(cure);
  });

  test('that gives no refresh token is of no use', async () => {
    await using signIn = await begin(() => ({
      json: { token_type: 'Bearer', expires_in: 3600, access_token: accessToken(1) },
    }));
    const error = await rejectionOf(signIn.redeem({ code }));
    expect(error).toMatchObject({ name: 'FatalError', code: 'NO_REFRESH_TOKEN' });
  });
});

describe('a user who comes back without a code', () => {
  test.each([
    ['access_denied', 'AADSTS65004: Marked-user@contoso.com', 'AADSTS65004', 'no consent'],
    ['access_denied', 'AADSTS90094: Marked-user', 'AADSTS90094', 'Grant admin consent'],
    ['access_denied', 'Marked-user@contoso.com', 'access_denied', 'was declined'],
    ['interaction_required', 'AADSTS50076: Marked-user', 'AADSTS50076', 'multi-factor'],
    ['server_error', 'Marked-user@contoso.com', 'server_error', 'expected a code'],
    ['Marked-user@contoso.com', '', 'SIGN_IN_REFUSED', 'expected a code'],
  ])('by %s: %s is told why, and nothing is redeemed', async (error, text, expected, cure) => {
    await using signIn = await begin(tokens);
    const refused = await rejectionOf(signIn.redeem({ error, error_description: text, code }));
    expect(refused).toMatchObject({ name: 'FatalError', code: expected });
    expect(refused.message).toContain(cure);
    expect(signIn.host.requests).toEqual([]);
  });
});
