import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultClientSecret } from '../../../src/simulator/signInOptions.ts';
import { apiScope, ask, bodyOf, claimsOf, renew, signIn } from './session.ts';

const api = 'https://api.partnercenter.microsoft.com';

describe('the id token', () => {
  it('says who signed in, to the app that asked for openid', () => {
    const { simulator, clock } = signIn();
    const claims = claimsOf(bodyOf(renew(simulator)).id_token);
    const nowSeconds = clock.now() / 1000;
    expect(claims).toMatchObject({
      iss: `http://127.0.0.1:1234/${simulator.partnerTenantId}/v2.0`,
      aud: 'app',
      tid: simulator.partnerTenantId,
      preferred_username: 'service.user@partner.example',
      iat: nowSeconds,
      exp: nowSeconds + 3600,
      ver: '2.0',
    });
    expect(claims['oid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(claims['sub']).toMatch(/^[0-9a-f-]{36}$/);
    expect(claims).not.toHaveProperty('nonce');
  });

  it('has the issuer that discovery names, behind a TLS proxy too', () => {
    const { simulator } = signIn();
    const { partnerTenantId } = simulator;
    const headers = { host: 'sign-in.example', 'x-forwarded-proto': 'https' };
    const path = `/${partnerTenantId}/v2.0/.well-known/openid-configuration`;
    expect(bodyOf(simulator.handle({ method: 'GET', path, headers }))).toMatchObject({
      issuer: `https://sign-in.example/${partnerTenantId}/v2.0`,
    });
  });

  it('can be verified with the published key', () => {
    const { simulator, get } = signIn();
    const { id_token } = bodyOf(renew(simulator));
    const path = `/${simulator.partnerTenantId}/discovery/v2.0/keys`;
    const { keys } = JSON.parse(String(get(path).body)) as { keys: JsonWebKey[] };
    const [header = '', payload = '', signature = ''] = id_token.split('.');
    const { alg, kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
    expect([alg, kid]).toEqual(['RS256', keys[0]?.['kid']]);
    const key = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' });
    const signed = Buffer.from(`${header}.${payload}`);
    expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('comes with client_info, which names the account as the id token does', () => {
    const { simulator } = signIn();
    const { id_token, client_info } = bodyOf(renew(simulator));
    const { oid, tid } = claimsOf(id_token);
    const info = JSON.parse(Buffer.from(client_info, 'base64url').toString());
    expect(info).toEqual({ uid: oid, utid: tid });
  });

  it('stays away where openid is not asked for', () => {
    const { simulator } = signIn();
    const answer = bodyOf(renew(simulator, { scope: `${api}/.default offline_access` }));
    expect(answer).not.toHaveProperty('id_token');
    expect(answer).not.toHaveProperty('client_info');
  });

  it('repeats the nonce that the sign-in page was asked with', () => {
    const { simulator, get } = signIn();
    const query = new URLSearchParams({
      client_id: 'app',
      response_type: 'code',
      redirect_uri: 'http://localhost:5000',
      scope: apiScope,
      nonce: 'of-this-sign-in',
      code_challenge: createHash('sha256').update('verifier').digest('base64url'),
      code_challenge_method: 'S256',
    });
    const { headers } = get(`/${simulator.partnerTenantId}/oauth2/v2.0/authorize?${query}`);
    const code = new URL(headers['location'] ?? '').searchParams.get('code') ?? '';
    const { id_token } = bodyOf(
      renew(simulator, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: 'http://localhost:5000',
        code_verifier: 'verifier',
      }),
    );
    expect(claimsOf(id_token)['nonce']).toBe('of-this-sign-in');
  });

  it('is no access token', () => {
    const { simulator, get } = signIn();
    const authorization = `Bearer ${bodyOf(renew(simulator)).id_token}`;
    expect(get('/v1/customers', { authorization }).status).toBe(401);
  });
});

describe('the v1 token endpoint', () => {
  const renewByResource = (fields: Record<string, string>) => {
    const { simulator, get, clock } = signIn();
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'app',
      client_secret: defaultClientSecret,
      refresh_token: simulator.refreshToken,
      ...fields,
    });
    const path = `/${simulator.partnerTenantId}/oauth2/token`;
    return { answer: ask(simulator, path, body.toString()), simulator, get, clock };
  };

  it('takes a resource in place of scopes, and answers with numbers as texts', () => {
    const { answer, simulator, get, clock } = renewByResource({ resource: api, scope: 'openid' });
    const body = bodyOf(answer);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: '3600',
      expires_on: String(clock.now() / 1000 + 3600),
      resource: api,
      scope: 'user_impersonation',
    });
    expect(claimsOf(body.id_token)['iss']).toBe(
      `https://sts.windows.net/${simulator.partnerTenantId}/`,
    );
    const authorization = `Bearer ${body.access_token}`;
    expect(get('/v1/usagesummary', { authorization }).status).toBe(200);
    expect(renew(simulator, { refresh_token: body.refresh_token }).status).toBe(200);
  });

  it('gives a token for another resource, which the API does not take', () => {
    const { answer, get } = renewByResource({ resource: 'https://graph.windows.net' });
    const authorization = `Bearer ${bodyOf(answer).access_token}`;
    expect(bodyOf(get('/v1/customers', { authorization })).code).toBe(900420);
  });

  it('refuses a request that names no resource', () => {
    const { answer } = renewByResource({ scope: `${api}/.default` });
    expect([answer.status, bodyOf(answer).error_codes]).toEqual([400, [900144]]);
  });
});

describe('the grant client_credentials', () => {
  it.each([
    ['v2.0', 'oauth2/v2.0/token', { scope: `${api}/.default` }],
    ['v1', 'oauth2/token', { resource: api }],
  ])('of %s gives lists to the app, and no usage', (_, path, fields) => {
    const { simulator, get } = signIn();
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'app',
      client_secret: defaultClientSecret,
      ...fields,
    });
    const body = bodyOf(ask(simulator, `/${simulator.partnerTenantId}/${path}`, form.toString()));
    expect(body).not.toHaveProperty('refresh_token');
    expect(claimsOf(body.access_token)).toMatchObject({ appid: 'app', idtyp: 'app' });
    const headers = { authorization: `Bearer ${body.access_token}` };
    const withUsage = [...simulator.customers()].find((each) => each.outcome === 'usage');
    const { id, subscriptions = [] } = withUsage ?? {};
    for (const open of ['/v1/customers', `/v1/customers/${id}/subscriptions`]) {
      expect(get(open, headers).status).toBe(200);
    }
    const usage = [
      '/v1/usagesummary',
      '/v1/customers/usagerecords',
      `/v1/customers/${id}/usagesummary`,
      `/v1/customers/${id}/subscriptions/usagerecords`,
      `/v1/customers/${id}/subscriptions/${subscriptions[0]?.id}/usagesummary`,
    ];
    for (const path of usage) {
      const answer = get(path, headers);
      expect([answer.status, bodyOf(answer).code]).toEqual([403, 900329]);
    }
  });

  it('takes no single scope', () => {
    const { simulator } = signIn();
    const fields = { grant_type: 'client_credentials', scope: `${api}/user_impersonation` };
    expect(bodyOf(renew(simulator, fields)).error_codes).toEqual([1002012]);
  });
});
