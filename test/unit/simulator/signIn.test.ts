import { describe, expect, it } from 'vitest';
import { defaultClientSecret } from '../../../src/simulator/signInOptions.ts';
import { createSimulator } from '../../../src/simulator/simulator.ts';
import { bodyOf, renew, signIn, TestClock } from './session.ts';

describe('the sign-in host', () => {
  it('gives a new refresh token with every renewal, and the old one goes on working', () => {
    const { simulator } = signIn();
    const first = bodyOf(renew(simulator)).refresh_token;
    const second = bodyOf(renew(simulator, { refresh_token: first })).refresh_token;
    expect(new Set([simulator.refreshToken, first, second]).size).toBe(3);
    expect(renew(simulator, { refresh_token: first }).status).toBe(200);
    expect(renew(simulator).status).toBe(200);
  });

  it('refuses a refresh token of 90 days with AADSTS700082', () => {
    const { simulator, clock } = signIn();
    clock.turnTo('2026-06-08T02:29:59Z');
    const { refresh_token } = bodyOf(renew(simulator));
    clock.turnTo('2026-06-08T02:30:00Z');
    const answer = renew(simulator);
    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ error: 'invalid_grant', error_codes: [700082] });
    expect(bodyOf(answer).error_description).toMatch(/^AADSTS700082: /);
    expect(renew(simulator, { refresh_token }).status).toBe(200);
  });

  it.each([
    ['an invented refresh token', { refresh_token: 'invented' }, 70000],
    ['an unknown client', { client_id: 'other' }, 700016],
    ['a wrong secret', { client_secret: 'wrong' }, 7000215],
    ['an assertion that is none', { client_assertion: 'none' }, 50027],
    ['another grant', { grant_type: 'password' }, 70003],
    ['a scope without a resource', { scope: 'openid' }, 70011],
  ])('refuses %s', (_, fields, code) => {
    const { simulator } = signIn({ signIn: { clientId: 'app' } });
    expect(bodyOf(renew(simulator, fields as Record<string, string>)).error_codes).toEqual([code]);
  });

  it('takes the secret that it was made with, and no other', () => {
    const { simulator } = signIn();
    simulator.signIn = { clientSecret: 'of-my-own' };
    expect(renew(simulator, { client_secret: 'of-my-own' }).status).toBe(200);
    const answer = renew(simulator, { client_secret: defaultClientSecret });
    expect([answer.status, bodyOf(answer).error_codes]).toEqual([401, [7000215]]);
    expect(bodyOf(answer)).toMatchObject({ error: 'invalid_client' });
  });

  it('takes a client assertion in place of a secret', () => {
    const { simulator } = signIn();
    const answer = renew(simulator, {
      client_secret: '',
      client_assertion: 'a.b.c',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    expect(answer.status).toBe(200);
  });

  it('knows the partner tenant alone', () => {
    const { simulator } = signIn();
    expect(bodyOf(renew(simulator, {}, 'contoso')).error_codes).toEqual([90002]);
  });

  it('refuses as it is told to', () => {
    const { simulator } = signIn();
    simulator.signIn = { refusal: { error: 'invalid_grant', code: 50173 } };
    expect(bodyOf(renew(simulator))).toMatchObject({
      error: 'invalid_grant',
      error_codes: [50173],
    });
  });

  it('describes its token endpoint', () => {
    const { simulator } = signIn();
    const path = `/${simulator.partnerTenantId}/v2.0/.well-known/openid-configuration`;
    const headers = { host: '127.0.0.1:1234' };
    expect(bodyOf(simulator.handle({ method: 'GET', path, headers })).token_endpoint).toBe(
      `http://127.0.0.1:1234/${simulator.partnerTenantId}/oauth2/v2.0/token`,
    );
  });

  it('tells of MFA in a token that can be read, and nothing in an opaque one', () => {
    const { token } = signIn();
    const [, payload = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString()).amr).toContain('mfa');
    expect(signIn({ signIn: { isOpaque: true } }).token).not.toContain('.');
  });
});

describe('the API', () => {
  it.each([
    ['no token', undefined],
    ['an invented token', 'Bearer a.b.c'],
    ['a refresh token', 'refresh'],
  ])('answers 401 to %s', (_, authorization) => {
    const { simulator } = signIn();
    const given = authorization === 'refresh' ? `Bearer ${simulator.refreshToken}` : authorization;
    const answer = simulator.handle({
      method: 'GET',
      path: '/v1/customers',
      headers: { authorization: given },
    });
    expect(answer.status).toBe(401);
  });

  it('takes a token until it expires', () => {
    const { clock, get } = signIn({ signIn: { accessTokenLifetimeSeconds: 600 } });
    clock.turnTo('2026-03-10T02:39:59Z');
    expect(get('/v1/customers').status).toBe(200);
    clock.turnTo('2026-03-10T02:40:00Z');
    expect(get('/v1/customers').status).toBe(401);
  });

  it('takes opaque tokens', () => {
    expect(signIn({ signIn: { isOpaque: true } }).get('/v1/usagesummary').status).toBe(200);
  });

  it.each([
    ['without MFA', { isWithoutMfa: true }, 401, 900421],
    ['app-only', { isAppOnly: true }, 403, 900329],
    ['for another audience', { hasWrongAudience: true }, 401, 900420],
  ])('refuses tokens %s', (_, options, status, code) => {
    const answer = signIn({ signIn: options }).get('/v1/customers/usagerecords');
    expect([answer.status, bodyOf(answer).code]).toEqual([status, code]);
  });

  it('gives lists to app-only tokens', () => {
    expect(signIn({ signIn: { isAppOnly: true } }).get('/v1/customers').status).toBe(200);
  });

  it('says in a header whether the token has MFA, where it is asked', () => {
    const ask = { validatemfa: 'true' };
    const lax = signIn({ signIn: { isWithoutMfa: true, isMfaEnforced: false } });
    expect(lax.get('/v1/usagesummary', ask)).toMatchObject({
      status: 200,
      headers: { ismfacompliant: 'false' },
    });
    expect(signIn().get('/v1/usagesummary', ask).headers['ismfacompliant']).toBe('true');
    expect(signIn().get('/v1/usagesummary').headers['ismfacompliant']).toBeUndefined();
  });

  it('echoes the ids of the request', () => {
    const ids = { 'ms-requestid': 'request', 'ms-correlationid': 'run' };
    expect(signIn().get('/v1/customers', ids).headers).toMatchObject(ids);
    expect(signIn().get('/v1/customers').headers['ms-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes a token of a simulator with the same seed only', () => {
    const { token } = signIn();
    const other = createSimulator({ seed: 8, clock: new TestClock() });
    const headers = { authorization: `Bearer ${token}` };
    expect(other.handle({ method: 'GET', path: '/v1/customers', headers }).status).toBe(401);
  });
});
