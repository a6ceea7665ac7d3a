import { describe, expect, test } from 'vitest';
import {
  accessToken,
  entraError,
  refreshToken,
  rejectionOf,
  startCredential,
  tenantId,
  tokens,
} from './credentialHarness.ts';
import type { Respond } from './tokenHost.ts';

describe('sign-in that is refused', () => {
  test.each([
    [
      400,
      'invalid_grant',
      [700082],
      'AADSTS700082',
      'not replaced for 90 days; sign in again with `usage-snapshots login`',
    ],
    [400, 'invalid_grant', [50173], 'AADSTS50173', 'revoked'],
    [400, 'interaction_required', [50076], 'AADSTS50076', 'multi-factor'],
    [400, 'invalid_grant', [50079], 'AADSTS50079', 'multi-factor'],
    [400, 'invalid_grant', [53003], 'AADSTS53003', 'Conditional Access'],
    [400, 'invalid_grant', [65001], 'AADSTS65001', 'consent'],
    [401, 'invalid_client', [7000215], 'AADSTS7000215', 'PARTNER_CENTER_CLIENT_SECRET'],
    [401, 'invalid_client', [7000222], 'AADSTS7000222', 'expired'],
    [401, 'invalid_client', [700027], 'AADSTS700027', 'certificate'],
    [
      400,
      'invalid_grant',
      [700007],
      'AADSTS700007',
      'given to another app; set PARTNER_CENTER_CLIENT',
    ],
    [
      400,
      'invalid_resource',
      [500014],
      'AADSTS500014',
      'Partner Center is disabled in this tenant',
    ],
    [400, 'invalid_scope', [70011], 'AADSTS70011', 'PARTNER_CENTER_CLOUD'],
    [
      400,
      'invalid_request',
      [90013],
      'AADSTS90013',
      'missing or extra characters in PARTNER_CENTER',
    ],
    [400, 'unauthorized_client', [700016], 'AADSTS700016', 'PARTNER_CENTER_CLIENT_ID'],
    [400, 'invalid_request', [90002], 'AADSTS90002', 'PARTNER_CENTER_TENANT_ID'],
    [400, 'invalid_grant', undefined, 'invalid_grant', 'usage-snapshots login'],
    [400, 'invalid_grant', [99999], 'AADSTS99999', 'usage-snapshots login'],
    [400, 'unheard_of', undefined, 'unheard_of', 'expected a token'],
  ])(
    '%i %s %o stops the run at once and names the cure',
    async (status, error, codes, code, cure) => {
      const body = { error, ...(codes && { error_codes: codes }) };
      // Entra sends a challenge with some of them, which must not hide the body.
      const challenge = { 'www-authenticate': 'Bearer realm="entra"' };
      await using app = await startCredential(() => entraError(status, body, challenge));
      const refused = await rejectionOf(app.credential.getToken());
      expect(refused).toMatchObject({ name: 'FatalError', code });
      expect(refused.message).toContain(cure);
      expect(refused.facts).toEqual({
        method: 'POST',
        path: `/${tenantId}/oauth2/v2.0/token`,
        status,
        requestId: '00000000-0000-4000-8000-000000000001',
        correlationId: '00000000-0000-4000-8000-000000000002',
      });
      expect(app.host.requests).toHaveLength(1);
      expect(app.lines).toEqual([]);
    },
  );

  test('any number of codes makes no long message', async () => {
    const body = { error: 'invalid_grant', error_codes: Array(20_000).fill(700082) };
    await using app = await startCredential(() => entraError(400, body));
    const refused = await rejectionOf(app.credential.getToken());
    expect(refused.message.length).toBeLessThan(600);
    expect(refused.message).toContain('AADSTS700082, AADSTS700082');
    expect(refused.message).toMatch(/… \(cut, \d+ characters\)\): .+usage-snapshots login/);
  });

  test('the code is found in the description where it is nowhere else', async () => {
    const body = {
      error: 'invalid_grant',
      error_description: 'AADSTS50057: Marked-user@contoso.com',
    };
    await using app = await startCredential(() => entraError(400, body));
    expect(await rejectionOf(app.credential.getToken())).toMatchObject({ code: 'AADSTS50057' });
  });

  test('a page in place of an answer is no reason to try on', async () => {
    await using app = await startCredential(() => ({
      status: 404,
      headers: { 'content-type': 'text/html' },
      body: '<html>',
    }));
    const error = await rejectionOf(app.credential.getToken());
    expect(error).toMatchObject({ name: 'FatalError', code: 'HTTP_404' });
    expect(error.message).toContain('PARTNER_CENTER_AUTHORITY_HOST');
  });
});

describe('sign-in that fails for now', () => {
  const garbled = { headers: { 'content-type': 'text/html' }, body: `<p>${refreshToken(0)}</p>` };

  test.each<[string, ReturnType<Respond>]>([
    ['500', { status: 500, json: {} }],
    ['503 with a page', { status: 503, ...garbled }],
    ['429', { status: 429, json: { error: 'temporarily_unavailable' } }],
    ['temporarily_unavailable', entraError(400, { error: 'temporarily_unavailable' })],
    ['AADSTS90033', entraError(400, { error: 'invalid_grant', error_codes: [90033] })],
    ['a connection closed', 'hang up'],
    ['a page with 200', { status: 200, ...garbled }],
    ['half a body', { body: `{"token_type":"Bearer","access_token":"${accessToken(1)}` }],
    ['half an error', { status: 400, body: '{"error":"invalid_gr' }],
    ['a body cut off', { body: '{', isCutOff: true }],
    ['no token in it', { json: { token_type: 'Bearer', refresh_token: refreshToken(1) } }],
    [
      'a lifetime that is none',
      { json: { token_type: 'Bearer', access_token: accessToken(1), expires_in: 'soon' } },
    ],
  ])('%s is tried again', async (_what, failure) => {
    await using app = await startCredential((request, index) =>
      index === 0 ? failure : tokens(request, index),
    );
    expect(await app.credential.getToken()).toBe(accessToken(2));
    expect(app.credential.tokenRequests).toBe(2);
    expect(app.clock.sleeps).toEqual([250]);
  });

  test('an answer that does not come ends with a time-out and is tried again', async () => {
    const never = new Promise<never>(() => {});
    await using app = await startCredential(
      (request, index) => (index === 0 ? never : tokens(request, index)),
      {
        timeoutMs: 50,
      },
    );
    expect(await app.credential.getToken()).toBe(accessToken(2));
  });

  test('the wait that the host asks for is kept', async () => {
    await using app = await startCredential((request, index) =>
      index === 0 ? entraError(429, {}, { 'retry-after': '120' }) : tokens(request, index),
    );
    await app.credential.getToken();
    expect(app.clock.sleeps).toEqual([120_500]);
  });

  test('through all tries stops the run, as no customer would fare better', async () => {
    await using app = await startCredential(() => ({ status: 503, ...garbled }));
    const error = await rejectionOf(app.credential.getToken());
    expect(error).toMatchObject({ name: 'FatalError', code: 'HTTP_503' });
    expect(error.cause).toMatchObject({ name: 'RetriableError' });
    expect(app.credential.tokenRequests).toBe(8);
  });

  test('is no reason to stop while the present token is still good', async () => {
    let isDown = false;
    await using app = await startCredential((request, index) =>
      isDown ? { status: 503, ...garbled } : tokens(request, index),
    );
    await app.credential.getToken();
    isDown = true;
    app.clock.advance(56 * 60_000);
    expect(await app.credential.getToken()).toBe(accessToken(1));
    expect(await app.credential.getToken()).toBe(accessToken(1));
    expect(app.host.requests).toHaveLength(2);
    expect(app.clock.sleeps).toEqual([]);
    app.clock.advance(30_000);
    isDown = false;
    expect(await app.credential.getToken()).toBe(accessToken(3));
  });

  test('after a token was refused never gives that token out again', async () => {
    await using app = await startCredential((request, index) =>
      index === 1 ? { status: 503, ...garbled } : tokens(request, index),
    );
    const refused = await app.credential.getToken();
    app.clock.advance(60_000);
    expect(await app.credential.renewToken(refused)).toBe(accessToken(3));
    expect(app.clock.sleeps).toHaveLength(1);
  });
});

test('http is refused for any host but this machine', async () => {
  await using app = await startCredential(tokens, { authorityHost: 'http://login.contoso.com' });
  const error = await rejectionOf(app.credential.getToken());
  expect(error).toMatchObject({ name: 'FatalError', code: 'TOKEN_REQUEST' });
  expect(app.credential.tokenRequests).toBe(0);
});
