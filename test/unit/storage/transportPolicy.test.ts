import { getEventListeners } from 'node:events';
import { RestError, type TableServiceClientOptions } from '@azure/data-tables';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { transportPolicy } from '../../../src/storage/transportPolicy.ts';

type Policy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]['policy'];
type Request = Parameters<Policy['sendRequest']>[0];
type Response = Awaited<ReturnType<Policy['sendRequest']>>;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function request(abortSignal?: AbortSignal): Request {
  return { url: 'http://127.0.0.1/x', method: 'GET', abortSignal } as unknown as Request;
}

/** Ends as the SDK's client does: with an AbortError as soon as the signal says so. */
function untilAborted({ abortSignal }: Request): Promise<Response> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(Object.assign(new Error('aborted'), { name: 'AbortError' }));
    abortSignal?.addEventListener('abort', abort);
  });
}

describe('what the SDK tries again', () => {
  test('an answer that does not come in time', async () => {
    const sent = transportPolicy({ timeoutMs: 1_000 }).sendRequest(request(), untilAborted);
    const rejected = expect(sent).rejects.toMatchObject({ name: 'RestError', code: 'ETIMEDOUT' });
    await vi.advanceTimersByTimeAsync(1_000);
    await rejected;
  });

  test.each([
    ['ENOTFOUND', 'ENOTFOUND'],
    ['ECONNREFUSED', 'ECONNREFUSED'],
    // The SDK knows none of these for passing faults.
    ['EAI_AGAIN', 'ECONNRESET'],
    ['EHOSTUNREACH', 'ECONNRESET'],
  ])('a host that cannot be reached (%s), with its name and the cure', async (code, shown) => {
    const failure = new RestError('no', { code });
    const refused = (url: string, proxyOf: () => string | undefined) =>
      transportPolicy({ proxyOf })
        .sendRequest({ ...request(), url }, () => Promise.reject(failure))
        .catch((reason: RestError) => [reason.code, reason.message]);
    const url = 'https://acme.table.core.windows.net/x';
    const what = `acme.table.core.windows.net cannot be reached (${code})`;
    expect(await refused(url, () => undefined)).toEqual([
      shown,
      `${what}; where it is reached by a proxy alone, set HTTPS_PROXY to the proxy's URL`,
    ]);
    expect(await refused(url, () => 'http://proxy')).toEqual([
      shown,
      `${what} by the proxy that HTTPS_PROXY names`,
    ]);
    const local = 'http://127.0.0.1:10002/x';
    expect(await refused(local, () => undefined)).toEqual([
      shown,
      `127.0.0.1:10002 cannot be reached (${code})`,
    ]);
  });

  test('a certificate that is not trusted, where the host has answered before', async () => {
    const failure = new RestError('no', { code: 'CERT_HAS_EXPIRED' });
    const policy = transportPolicy();
    const send = (next: () => Promise<Response>) =>
      policy.sendRequest(request(), next).catch((reason: RestError) => reason.code);
    expect(await send(() => Promise.reject(failure))).toBe('CERT_HAS_EXPIRED');
    await send(async () => ({ status: 204 }) as Response);
    expect(await send(() => Promise.reject(failure))).toBe('ECONNRESET');
  });

  test('an answer that breaks off', async () => {
    const broken = new RestError('reading', { code: RestError.PARSE_ERROR });
    const sent = transportPolicy().sendRequest(request(), () => Promise.reject(broken));
    await expect(sent).rejects.toMatchObject({ name: 'RestError', code: 'ECONNRESET' });
  });

  test.each([
    [200, '{"value":[{"customerName":"Secret Ltd'],
    [200, '{"value":[{"customerName":"Secret Ltd"}'.slice(0, -1)],
    [200, '<!doctype html><p>Secret Ltd</p>'],
    [200, '[]'],
    [200, ''],
    [200, undefined],
    [201, '{"customerName":'],
  ])('an answer %i that is no JSON object, of which nothing is told: %j', async (status, text) => {
    const answer = { status, bodyAsText: text } as Response;
    const sent = transportPolicy().sendRequest(request(), async () => answer);
    const error = await sent.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'RestError', code: 'ECONNRESET', statusCode: undefined });
    expect(String(error)).toBe('RestError: expected JSON, got another text');
  });
});

test.each([
  [200, '{"value":[]}'],
  [200, '\uFEFF{}\r\n'],
  [202, '--batchresponse_1--'],
  [204, ''],
  [404, '<!doctype html>'],
])('an answer %i %j is passed on as it is', async (status, bodyAsText) => {
  const answer = { status, bodyAsText } as Response;
  expect(await transportPolicy().sendRequest(request(), async () => answer)).toBe(answer);
});

test('an abort by the caller is passed on as it is', async () => {
  const controller = new AbortController();
  const sent = transportPolicy().sendRequest(request(controller.signal), untilAborted);
  const rejected = expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  controller.abort();
  await rejected;
});

test('leaves the request as it was, and neither timer nor listener behind', async () => {
  const { signal } = new AbortController();
  const mine = request(signal);
  const answer = { status: 204 } as Response;
  expect(await transportPolicy().sendRequest(mine, async () => answer)).toBe(answer);
  expect(mine.abortSignal).toBe(signal);
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('other errors are passed on as they are', async () => {
  const error = new Error('no token');
  const sent = transportPolicy().sendRequest(request(), () => Promise.reject(error));
  await expect(sent).rejects.toBe(error);
});
