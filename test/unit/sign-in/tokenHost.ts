import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenRequest {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  form: URLSearchParams;
  /** Resolves once the connection is closed. */
  closed: Promise<unknown>;
}

/** An answer as sent; `json` is shorthand for a body. */
export interface HostAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  body?: string;
  /** The connection is closed before the body has ended. */
  isCutOff?: boolean;
}

export type Respond = (
  request: TokenRequest,
  index: number,
) => HostAnswer | 'hang up' | Promise<HostAnswer>;

/** A sign-in host on loopback whose every answer a test decides; it counts what it was asked. */
export async function startTokenHost(respond: Respond) {
  const requests: TokenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const seen = {
        method: request.method,
        path: request.url,
        headers: request.headers,
        form,
        closed: once(response, 'close'),
      };
      const answer = await respond(seen, requests.push(seen) - 1);
      if (answer === 'hang up') {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status ?? 200, {
        'content-type': 'application/json; charset=utf-8',
        ...answer.headers,
      });
      const body = answer.body ?? JSON.stringify(answer.json);
      if (answer.isCutOff) response.write(body, () => request.socket.destroy());
      else response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
