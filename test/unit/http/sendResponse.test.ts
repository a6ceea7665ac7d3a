import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { ApiResponse } from '../../../src/http/apiRequest.ts';
import { sendResponse } from '../../../src/http/sendResponse.ts';
import { type HttpServer, startHttpServer } from '../../support/httpServer.ts';

const piece = 'x'.repeat(10_000);
let server: HttpServer | undefined;
afterEach(() => server?.close());

/** A server that sends these answers, and what became of the last one. */
async function sending(body: Required<ApiResponse>['body']) {
  const { promise: ended, resolve } = Promise.withResolvers<unknown>();
  server = await startHttpServer((_request, response) => {
    sendResponse(response, { status: 200, headers: { 'x-own': '1' }, body }).then(
      () => resolve('sent'),
      (error: unknown) => {
        response.destroy();
        resolve(error);
      },
    );
  });
  return { url: server.url, ended };
}

describe('an answer in pieces', () => {
  test('arrives whole', async () => {
    const { url, ended } = await sending(
      (async function* () {
        for (let sent = 0; sent < 100; sent++) yield `${piece}é😀`;
      })(),
    );
    const answer = await fetch(url);
    expect(answer.headers.get('x-own')).toBe('1');
    expect(await answer.text()).toBe(`${piece}é😀`.repeat(100));
    expect(await ended).toBe('sent');
  });

  test('that nobody reads any more lets go of its source, and is no error', async () => {
    const { promise: letGo, resolve } = Promise.withResolvers<string>();
    const { url, ended } = await sending(
      (async function* () {
        try {
          for (;;) yield piece;
        } finally {
          resolve('let go');
        }
      })(),
    );
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    expect(await letGo).toBe('let go');
    expect(await ended).toBe('sent');
  });

  test('that breaks off is no whole answer to its reader', async () => {
    const { url, ended } = await sending(
      (async function* () {
        yield piece;
        throw new Error('broken off');
      })(),
    );
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
    expect(await ended).toMatchObject({ message: 'broken off' });
  });
});

test('an answer in one piece says how long it is', async () => {
  const { url } = await sending('é😀');
  const answer = await fetch(url);
  expect(answer.headers.get('content-length')).toBe('6');
  expect(await answer.text()).toBe('é😀');
});
