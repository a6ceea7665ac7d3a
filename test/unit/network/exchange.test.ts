import { Agent } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { exchange } from '../../../src/network/exchange.ts';
import { startHttpServer } from '../../support/httpServer.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Handler = Parameters<typeof startHttpServer>[0];

async function serve(handler: Handler) {
  const server = await startHttpServer(handler);
  const agent = new Agent({ connections: 1 });
  ends.push(
    () => server.close(),
    () => agent.destroy(),
  );
  const ask = async (signal?: AbortSignal, onBody?: (text: string) => void) => {
    let body = '';
    let status = 0;
    const keep = (text: string) => {
      body += text;
    };
    const request = { url: new URL(server.url), method: 'GET' as const, headers: {}, signal };
    await exchange(agent, request, (response) => {
      status = response.status;
      return onBody ?? keep;
    });
    return { status, body };
  };
  return ask;
}

describe('an answer', () => {
  test('keeps a character whose bytes come in two pieces', async () => {
    const bytes = Buffer.from('"Zoë"');
    const ask = await serve((_request, response) => {
      response.write(bytes.subarray(0, 4), () => response.end(bytes.subarray(4)));
    });
    expect(await ask()).toEqual({ status: 200, body: '"Zoë"' });
  });

  test('is the final one, not the hints sent before it', async () => {
    const ask = await serve((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.writeHead(403).end('no');
    });
    expect(await ask()).toEqual({ status: 403, body: 'no' });
  });

  test('that cannot be taken fails with the reason, and the connection is free again', async () => {
    const ask = await serve((_request, response) => response.end('{}'));
    const refuse = () => {
      throw new Error('too long');
    };
    await expect(ask(undefined, refuse)).rejects.toThrow('too long');
    expect(await ask()).toEqual({ status: 200, body: '{}' });
  });
});

describe('a request that is ended', () => {
  test('while it waits for a connection fails with the reason, and is not sent', async () => {
    const held = Promise.withResolvers<void>();
    let requests = 0;
    const ask = await serve(async (_request, response) => {
      requests++;
      await held.promise;
      response.end('{}');
    });
    const first = ask();
    const abort = new AbortController();
    const second = ask(abort.signal);
    abort.abort(new Error('the deadline'));
    await expect(second).rejects.toThrow('the deadline');
    held.resolve();
    await first;
    expect(await ask()).toEqual({ status: 200, body: '{}' });
    expect(requests).toBe(2);
  });

  test('before it begins is not sent', async () => {
    let requests = 0;
    const ask = await serve((_request, response) => {
      requests++;
      response.end('{}');
    });
    await expect(ask(AbortSignal.abort(new Error('the end')))).rejects.toThrow('the end');
    await ask();
    expect(requests).toBe(1);
  });
});
