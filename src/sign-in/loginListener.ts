import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Receives the answer of the sign-in page from the browser. */
export interface LoginListener {
  /** Microsoft Entra: redirect URI; of `http://localhost` the port is ignored. */
  readonly redirectUri: string;
  /**
   * The query of the one request that brings the answer to this sign-in. All others get 400, and
   * change nothing.
   *
   * @param state that the sign-in page was opened with
   * @param patienceMs the longest time for the user, in milliseconds
   * @throws Error where no user has signed in in time; the signal's reason when it aborts
   */
  receive(state: string, patienceMs: number, signal: AbortSignal): Promise<URLSearchParams>;
  /** Resolves once the port is free. */
  close(): Promise<void>;
}

/** Listens on a free port of loopback. */
export async function startLoginListener(): Promise<LoginListener> {
  let waiting: { state: string; take: (query: URLSearchParams) => void } | undefined;
  const server = createServer((request, response) => {
    const query = readQuery(request, portOf(server));
    if (!waiting || !query || query.get('state') !== waiting.state) {
      answer(response, 400, 'This is no answer to a sign-in that waits here.');
      return;
    }
    const { take } = waiting;
    waiting = undefined;
    // After the response is sent, as the server is closed next.
    response.once('close', () => take(query));
    answer(
      response,
      200,
      query.has('error') ? 'You are not signed in.' : 'Your sign-in has arrived.',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    redirectUri: `http://localhost:${portOf(server)}`,
    async receive(state, patienceMs, signal) {
      signal.throwIfAborted();
      const patience = AbortSignal.timeout(patienceMs);
      const end = AbortSignal.any([signal, patience]);
      const { promise, resolve, reject } = Promise.withResolvers<URLSearchParams>();
      end.addEventListener('abort', () => reject(end.reason), { once: true });
      waiting = { state, take: resolve };
      try {
        return await promise;
      } catch (error) {
        if (!patience.aborted || signal.aborted) throw error;
        throw new Error(`no user has signed in within ${patienceMs / 60_000} minutes`);
      } finally {
        waiting = undefined;
      }
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address.port;
}

/**
 * The query of a request that could be the sign-in page's answer. A name that only resolves to
 * this machine is not ours: another site's page could send it (DNS rebinding).
 */
function readQuery(request: IncomingMessage, port: number): URLSearchParams | undefined {
  if (request.method !== 'GET' || request.headers.host !== `localhost:${port}`) return undefined;
  const url = URL.parse(request.url ?? '', `http://localhost:${port}`);
  if (url?.pathname !== '/') return undefined;
  const { searchParams } = url;
  return searchParams.get('code') || searchParams.get('error') ? searchParams : undefined;
}

function answer(response: ServerResponse, status: number, text: string): void {
  const body =
    `<!doctype html><meta charset="utf-8"><title>usage-snapshots</title>` +
    `<p>${text} You can close this window: the command line says how it goes on.</p>`;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    // The address holds the code.
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(body);
}
