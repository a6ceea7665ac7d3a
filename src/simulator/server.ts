import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import type { SimulatorAnswer, SimulatorRequest } from './exchange.ts';
import { Pieces } from './pieces.ts';
import type { Simulator } from './simulator.ts';

/** Much larger than any request to the API. */
const largestBodyBytes = 1_000_000;

export interface SimulatorServer {
  port: number;
  /** Base of the API and of the sign-in host: `http://127.0.0.1:50123`. */
  url: string;
  /** Ends every connection and every delayed answer; resolves once the port is free. */
  close(): Promise<void>;
}

/**
 * Serves a simulator over HTTP.
 *
 * @param options.port 0, the default, takes a free one
 * @param options.host default `127.0.0.1`
 */
export async function startSimulatorServer(
  simulator: Simulator,
  options: { port?: number; host?: string } = {},
): Promise<SimulatorServer> {
  const { port = 0, host = '127.0.0.1' } = options;
  const waiting = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    answer(simulator, waiting, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    url: `http://${host}:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        for (const timer of waiting) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  simulator: Simulator,
  waiting: Set<NodeJS.Timeout>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on('close', simulator.begin());
  const body = await readBody(request);
  const simulated = simulator.handle(toSimulatorRequest(request, body));
  if (simulated.delayMs === undefined) {
    send(simulated, response);
    return;
  }
  const timer = setTimeout(() => {
    waiting.delete(timer);
    send(simulated, response);
  }, simulated.delayMs);
  waiting.add(timer);
  response.on('close', () => {
    clearTimeout(timer);
    waiting.delete(timer);
  });
}

function send(simulated: SimulatorAnswer, response: ServerResponse): void {
  const { status, headers, body, disruption } = simulated;
  if (disruption === 'stall' || response.destroyed) return;
  if (disruption === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (body instanceof Pieces) {
    response.writeHead(status, headers);
    // By then both are destroyed: a client that has gone cannot be answered.
    pipeline(Readable.from(body), response, () => {});
    return;
  }
  const bytes = Buffer.from(body);
  // Neither 204 nor 304 may have a length.
  response.writeHead(status, {
    ...headers,
    ...(status !== 204 && { 'content-length': bytes.length }),
  });
  if (disruption === 'truncate') {
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    response.write(half, () => response.destroy());
    return;
  }
  response.end(bytes);
}

function toSimulatorRequest(request: IncomingMessage, body: string): SimulatorRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = value?.toString();
  return { method: request.method ?? 'GET', path: request.url ?? '/', headers, body };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > largestBodyBytes) throw new RangeError('the body of the request is too long');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
