import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SignInOptions } from '../../../src/simulator/signInOptions.ts';
import { apiScope, bodyOf, renew, signIn } from './session.ts';

const verifier = 'v'.repeat(43);
const redirectUri = 'http://localhost:50123';
const request = {
  client_id: 'app',
  response_type: 'code',
  redirect_uri: redirectUri,
  scope: apiScope,
  state: 'of-this-sign-in',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
};

function authorize(
  fields: Record<string, string> = {},
  options: SignInOptions & { tenant?: string } = {},
) {
  const { tenant, ...signInOptions } = options;
  const { simulator, clock } = signIn();
  simulator.signIn = signInOptions;
  const query = new URLSearchParams({ ...request, ...fields });
  const path = `/${tenant ?? simulator.partnerTenantId}/oauth2/v2.0/authorize?${query}`;
  const answer = simulator.handle({ method: 'GET', path, headers: {} });
  const location = URL.parse(answer.headers['location'] ?? '');
  const redeem = (changes: Record<string, string> = {}) =>
    renew(simulator, {
      grant_type: 'authorization_code',
      code: location?.searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: verifier,
      ...changes,
    });
  return { answer, location, redeem, clock, simulator };
}

describe('the sign-in page', () => {
  it('sends the user back with a code and the state, which give tokens', () => {
    const { answer, location, redeem, simulator } = authorize();
    expect(answer.status).toBe(302);
    // Entra: a redirect URI without a path is returned with a slash.
    expect(location?.origin).toBe(redirectUri);
    expect(location?.pathname).toBe('/');
    expect(location?.searchParams.get('state')).toBe(request.state);
    const { access_token, refresh_token } = bodyOf(redeem());
    expect(access_token).toBeTruthy();
    expect(renew(simulator, { refresh_token }).status).toBe(200);
  });

  it.each<[string, Record<string, string>, number]>([
    ['another code', { code: 'invented' }, 70000],
    ['a refresh token as code', { code: 'refresh' }, 70000],
    ['another verifier', { code_verifier: 'w'.repeat(43) }, 501481],
    ['another redirect URI', { redirect_uri: `${redirectUri}/` }, 500112],
  ])('gives nothing for %s', (_, changes, error) => {
    const { redeem, simulator } = authorize();
    const fields = changes['code'] === 'refresh' ? { code: simulator.refreshToken } : changes;
    expect(bodyOf(redeem(fields)).error_codes).toEqual([error]);
  });

  it('gives tokens for a code once, and for ten minutes', () => {
    const { redeem, clock } = authorize();
    clock.turnTo('2026-03-10T02:39:59Z');
    expect(redeem().status).toBe(200);
    expect(bodyOf(redeem()).error_codes).toEqual([54005]);
    const late = authorize();
    late.clock.turnTo('2026-03-10T02:40:00Z');
    expect(bodyOf(late.redeem()).error_codes).toEqual([70008]);
  });

  it.each<[string, Record<string, string>, SignInOptions & { tenant?: string }, RegExp]>([
    ['another tenant', {}, { tenant: 'contoso' }, /^AADSTS90002: /],
    ['another app', {}, { clientId: 'other' }, /^AADSTS700016: /],
    ['a redirect to 127.0.0.1', { redirect_uri: 'http://127.0.0.1:50123' }, {}, /^AADSTS50011: /],
    ['a redirect elsewhere', { redirect_uri: 'https://attacker.example' }, {}, /^AADSTS50011: /],
  ])('shows an error, and sends nobody anywhere, for %s', (_, fields, options, text) => {
    const { answer } = authorize(fields, options);
    expect(answer.status).toBe(400);
    expect(answer.headers['location']).toBeUndefined();
    expect(answer.body).toMatch(text);
  });

  it.each<[string, Record<string, string>, SignInOptions, string, number]>([
    ['no challenge', { code_challenge: '' }, {}, 'invalid_request', 900144],
    ['a plain challenge', { code_challenge_method: 'plain' }, {}, 'invalid_request', 900144],
    ['another kind of answer', { response_type: 'token' }, {}, 'invalid_request', 900144],
    ['another resource', { scope: 'openid' }, {}, 'invalid_scope', 70011],
    [
      'a user who declines',
      {},
      { authorizationRefusal: { error: 'access_denied', code: 65004 } },
      'access_denied',
      65004,
    ],
  ])('sends the user back without a code for %s', (_, fields, options, error, code) => {
    const { location } = authorize(fields, options);
    const query = Object.fromEntries(location?.searchParams ?? []);
    expect(query).toMatchObject({ error, state: request.state });
    expect(query['error_description']).toMatch(new RegExp(`^AADSTS${code}: `));
    expect(query['code']).toBeUndefined();
  });
});
