import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../network/loopback.ts';
import { answer } from './answer.ts';
import type { ApiRequest } from './apiRequest.ts';
import type { ApiServices } from './apiServices.ts';
import { type Page, pages } from './pages.ts';
import { Problem } from './problem.ts';
import { nameInBraces } from './requestTexts.ts';
import type { Route } from './route.ts';
import { type HttpFunctionName, pagePaths, routePaths } from './routePaths.ts';
import { routes } from './routes.ts';
import { sendResponse } from './sendResponse.ts';

/** A server of the API on this machine alone. */
export interface ApiServer {
  port: number;
  /** `http://127.0.0.1:50123` */
  url: string;
  /** Ends every connection; resolves once the port is free. */
  close(): Promise<void>;
}

const host = '127.0.0.1';
const prefix = '/api/';
const entrances = ['/', '/api', prefix];

/**
 * Serves the API to this machine: on loopback, and only under its names, so that no page of another
 * site can reach it by a name that resolves to this machine (DNS rebinding).
 *
 * @param options.port 0, the default, takes a free one
 */
export async function startApiServer(
  services: ApiServices,
  { port = 0 }: { port?: number } = {},
): Promise<ApiServer> {
  const server = createServer((request, response) => {
    serve(request, response, services).catch((error: unknown) => {
      services.onError(error);
      response.destroy();
    });
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
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  services: ApiServices,
): Promise<void> {
  const request = toApiRequest(incoming);
  const found = isLoopbackHost(incoming.headers.host)
    ? (findEntrance(incoming) ??
      findRoute(request.path) ??
      new Problem(404, 'There is no such route.'))
    : new Problem(421, 'expected the host to be localhost or 127.0.0.1');
  await sendResponse(response, await answer(found, request, services));
}

function toApiRequest({ method = '', url: target = '', headers }: IncomingMessage): ApiRequest {
  const end = target.includes('?') ? target.indexOf('?') : target.length;
  return {
    method,
    path: target.slice(0, end).startsWith(prefix) ? target.slice(prefix.length, end) : '',
    query: target.slice(end + 1),
    header: (name) => headers[name]?.toString(),
  };
}

function isLoopbackHost(name: string | undefined): boolean {
  return name !== undefined && isLoopback(name.replace(/:\d+$/, '').toLowerCase());
}

function findEntrance({ url = '' }: IncomingMessage): Page | undefined {
  return entrances.includes(url.replace(/\?.*/s, '')) ? pages.getEntrance : undefined;
}

function findRoute(path: string): Route | Page | undefined {
  const parts = path.replace(/\/$/, '').split('/');
  const found = Object.entries({ ...routePaths, ...pagePaths }).find(([, each]) => {
    const template = each.path.split('/');
    return (
      template.length === parts.length &&
      template.every((part, index) => nameInBraces(part) !== undefined || part === parts[index])
    );
  });
  return found && { ...routes, ...pages }[found[0] as HttpFunctionName];
}
