import { describe, expect, test } from 'vitest';
import { partnerCenterScope } from '../../../src/sign-in/credential.ts';
import { createReadOnlyRefreshTokenStore } from '../../../src/sign-in/refreshTokenStore.ts';
import {
  accessToken,
  clientId,
  clientSecret,
  dayMs,
  entraError,
  refreshToken,
  rejectionOf,
  startCredential,
  tenantId,
  tokens,
} from './credentialHarness.ts';

const minuteMs = 60_000;

describe('asking for a token', () => {
  test('the refresh token is redeemed at the token endpoint of the tenant, for Partner Center', async () => {
    await using app = await startCredential(tokens);
    expect(await app.credential.getToken()).toBe(accessToken(1));
    const [request] = app.host.requests;
    expect(request?.method).toBe('POST');
    expect(request?.path).toBe(`/${tenantId}/oauth2/v2.0/token`);
    expect(request?.headers['content-type']).toContain('application/x-www-form-urlencoded');
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: refreshToken(0),
      scope: 'https://api.partnercenter.microsoft.com/.default offline_access',
      client_id: clientId,
      client_secret: clientSecret,
    });
    expect(partnerCenterScope).toBe(request?.form.get('scope'));
  });

  test('50 callers at once cost one request', async () => {
    await using app = await startCredential(tokens);
    const got = await Promise.all(Array.from({ length: 50 }, () => app.credential.getToken()));
    expect(new Set(got)).toEqual(new Set([accessToken(1)]));
    expect(app.host.requests).toHaveLength(1);
    expect(app.credential.tokenRequests).toBe(1);
  });

  test('a token is kept until five minutes before it expires, and renewed then', async () => {
    await using app = await startCredential(tokens);
    await app.credential.getToken();
    app.clock.advance(55 * 60_000 - 1);
    expect(await app.credential.getToken()).toBe(accessToken(1));
    app.clock.advance(1);
    expect(await app.credential.getToken()).toBe(accessToken(2));
    expect(app.host.requests).toHaveLength(2);
  });

  test.each([
    ['a text', '300', 240],
    ['short', 300, 240],
    ['absent, as for the shortest that can be configured', undefined, 480],
  ])(
    'a lifetime that is %s is renewed after four fifths of it',
    async (_what, expiresIn, seconds) => {
      await using app = await startCredential((_request, index) => ({
        json: { token_type: 'Bearer', access_token: accessToken(index + 1), expires_in: expiresIn },
      }));
      await app.credential.getToken();
      app.clock.advance(seconds * 1000 - 1);
      expect(await app.credential.getToken()).toBe(accessToken(1));
      app.clock.advance(1);
      expect(await app.credential.getToken()).toBe(accessToken(2));
    },
  );
});

describe('a token that was refused', () => {
  test('is renewed by one request, however many were refused with it', async () => {
    await using app = await startCredential(tokens);
    const stale = await app.credential.getToken();
    app.clock.advance(minuteMs);
    const got = await Promise.all(
      Array.from({ length: 50 }, () => app.credential.renewToken(stale)),
    );
    expect(new Set(got)).toEqual(new Set([accessToken(2)]));
    expect(app.host.requests).toHaveLength(2);
  });

  test('is not renewed again by those who hear of it late', async () => {
    await using app = await startCredential(tokens);
    const stale = await app.credential.getToken();
    app.clock.advance(minuteMs);
    await app.credential.renewToken(stale);
    expect(await app.credential.renewToken(stale)).toBe(accessToken(2));
    expect(app.host.requests).toHaveLength(2);
  });

  test('is renewed at most once a minute, however often each new one is refused', async () => {
    await using app = await startCredential(tokens);
    let token = await app.credential.getToken();
    for (let seconds = 0; seconds < 600; seconds++) {
      app.clock.advance(1000);
      token = await app.credential.renewToken(token);
    }
    expect(token).toBe(accessToken(11));
    expect(app.host.requests).toHaveLength(11);
  });

  test('is given to nobody while the new one is under way', async () => {
    await using app = await startCredential(tokens);
    const stale = await app.credential.getToken();
    app.clock.advance(minuteMs);
    const renewal = app.credential.renewToken(stale);
    expect(await app.credential.getToken()).toBe(accessToken(2));
    expect(await renewal).toBe(accessToken(2));
  });
});

describe('a caller that aborts', () => {
  test('stops waiting, and the others get their token', async () => {
    const arrived = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await using app = await startCredential(async (request, index) => {
      arrived.resolve();
      await answer.promise;
      return tokens(request, index) as { json: unknown };
    });
    const abort = new AbortController();
    const aborted = app.credential.getToken(abort.signal);
    const other = app.credential.getToken();
    await arrived.promise;
    abort.abort(new Error('stopped'));
    await expect(aborted).rejects.toThrow('stopped');
    answer.resolve();
    expect(await other).toBe(accessToken(1));
    expect(app.host.requests).toHaveLength(1);
  });

  test('as the last one ends the request, and whoever comes next starts anew', async () => {
    const arrived = Promise.withResolvers<void>();
    const never = new Promise<never>(() => {});
    await using app = await startCredential((request, index) => {
      arrived.resolve();
      return index === 0 ? never : tokens(request, index);
    });
    const abort = new AbortController();
    const aborted = app.credential.getToken(abort.signal);
    await arrived.promise;
    abort.abort(new Error('stopped'));
    await expect(aborted).rejects.toThrow('stopped');
    await app.host.requests[0]?.closed;
    expect(await app.credential.getToken(new AbortController().signal)).toBe(accessToken(2));
    await expect(app.credential.renewToken(accessToken(2), abort.signal)).rejects.toThrow(
      'stopped',
    );
  });
});

describe('the refresh token', () => {
  test('is replaced in the store on every renewal', async () => {
    await using app = await startCredential(tokens);
    const first = await app.credential.getToken();
    app.clock.advance(minuteMs);
    await app.credential.renewToken(first);
    expect(app.store.written).toEqual([refreshToken(1), refreshToken(2)]);
    expect(app.host.requests[1]?.form.get('refresh_token')).toBe(refreshToken(1));
    expect(app.lines).toEqual([
      'info {"event":"credential.refreshToken.rotated","ageDays":3}',
      'info {"event":"credential.refreshToken.rotated"}',
    ]);
  });

  test('that cannot be stored stops nothing: it is told, used next, and written again', async () => {
    await using app = await startCredential(tokens);
    app.store.failure = new Error(`cannot store ${refreshToken(1)} over ${refreshToken(0)}`);
    const first = await app.credential.getToken();
    expect(first).toBe(accessToken(1));
    expect(app.lines).toEqual([
      'error {"event":"credential.refreshToken.notStored",' +
        '"error":"cannot store [redacted] over [redacted]","ageDays":3}',
    ]);
    app.store.failure = undefined;
    app.clock.advance(dayMs);
    await app.credential.renewToken(first);
    expect(app.host.requests[1]?.form.get('refresh_token')).toBe(refreshToken(1));
    expect(app.store.written).toEqual([refreshToken(2)]);
    expect(app.lines[1]).toBe('info {"event":"credential.refreshToken.rotated","ageDays":4}');
  });

  test('has the age of the stored one, known once the store was read', async () => {
    await using app = await startCredential(tokens);
    expect(app.credential.refreshTokenAgeDays).toBeUndefined();
    app.store.failure = new Error('no');
    const first = await app.credential.getToken();
    expect(app.credential.refreshTokenAgeDays).toBe(3);
    app.store.failure = undefined;
    app.clock.advance(dayMs);
    expect(app.credential.refreshTokenAgeDays).toBe(4);
    await app.credential.renewToken(first);
    expect(app.credential.refreshTokenAgeDays).toBe(0);
    app.clock.advance(dayMs);
    expect(app.credential.refreshTokenAgeDays).toBe(1);
  });

  test('that was not replaced for 60 days is told to be near its end', async () => {
    await using app = await startCredential(tokens);
    app.store.failure = new Error('no');
    app.clock.advance(56.9 * dayMs);
    const first = await app.credential.getToken();
    app.clock.advance(0.2 * dayMs);
    await app.credential.renewToken(first);
    expect(app.lines.map((line) => JSON.parse(line.slice('error '.length)).error)).toEqual([
      'no',
      'no; the stored token is 60 days old and dies after 90, used or not',
    ]);
  });

  test('that somebody stored by signing in again is used before the one that was not stored', async () => {
    await using app = await startCredential(tokens);
    app.store.failure = new Error('no');
    const first = await app.credential.getToken();
    app.store.stored = { token: 'signed-in-again' };
    app.clock.advance(minuteMs);
    await app.credential.renewToken(first);
    expect(app.host.requests[1]?.form.get('refresh_token')).toBe('signed-in-again');
  });

  test('from the settings alone rotates in memory, and the loss is told once', async () => {
    const store = createReadOnlyRefreshTokenStore(refreshToken(0));
    await using app = await startCredential(tokens, { store });
    const first = await app.credential.getToken();
    app.clock.advance(minuteMs);
    const second = await app.credential.renewToken(first);
    app.clock.advance(minuteMs);
    await app.credential.renewToken(second);
    expect(app.host.requests.map(({ form }) => form.get('refresh_token'))).toEqual([
      refreshToken(0),
      refreshToken(1),
      refreshToken(2),
    ]);
    expect(app.lines).toHaveLength(1);
    expect(app.lines[0]).toContain('PARTNER_CENTER_REFRESH_TOKEN is read-only');
  });

  test.each([
    ['no other', undefined],
    ['the same one', refreshToken(0)],
  ])('for which the host gives %s is told, as it dies after 90 days', async (_what, answered) => {
    await using app = await startCredential((_request, index) => ({
      json: {
        token_type: 'Bearer',
        access_token: accessToken(index + 1),
        expires_in: 3600,
        refresh_token: answered,
      },
    }));
    const first = await app.credential.getToken();
    app.clock.advance(57 * dayMs);
    await app.credential.renewToken(first);
    const event = 'error {"event":"credential.refreshToken.notStored","error":';
    const error = 'the sign-in host sent no new refresh token';
    const warning = '; the stored token is 60 days old and dies after 90, used or not';
    expect(app.lines).toEqual([
      `${event}"${error}","ageDays":3}`,
      `${event}"${error}${warning}","ageDays":60}`,
    ]);
    expect(app.store.written).toEqual([]);
  });

  test('that is missing everywhere stops the run with the cure, without a request', async () => {
    await using app = await startCredential(tokens);
    app.store.stored = undefined;
    const error = await rejectionOf(app.credential.getToken());
    expect(error).toMatchObject({ name: 'FatalError', code: 'NO_REFRESH_TOKEN' });
    expect(error.message).toContain('usage-snapshots login');
    expect(app.host.requests).toEqual([]);
  });

  test('is read from the store again once it was refused, so that signing in again is the cure', async () => {
    await using app = await startCredential((request, index) =>
      index === 1
        ? entraError(400, { error: 'invalid_grant', error_codes: [50173] })
        : tokens(request, index),
    );
    app.store.failure = new Error('no');
    const first = await app.credential.getToken();
    app.clock.advance(minuteMs);
    await rejectionOf(app.credential.renewToken(first));
    await app.credential.getToken();
    expect(app.host.requests.map(({ form }) => form.get('refresh_token'))).toEqual([
      refreshToken(0),
      refreshToken(1),
      refreshToken(0),
    ]);
  });
});
