import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { answer } from './answer.ts';
import type { ApiRequest, ApiResponse } from './apiRequest.ts';
import type { ApiServices } from './apiServices.ts';
import { pages } from './pages.ts';
import { type HttpFunctionName, pagePaths, routePaths } from './routePaths.ts';
import { routes } from './routes.ts';

/** Answers a request that the Functions host passed to the function of a route. */
export async function answerFunction(
  name: HttpFunctionName,
  request: HttpRequest,
  services: ApiServices,
): Promise<HttpResponseInit> {
  const route = { ...routes, ...pages }[name];
  const { path } = { ...routePaths, ...pagePaths }[name];
  return toResponseInit(await answer(route, toApiRequest(path, request), services));
}

/**
 * Path and query are taken from the URL: the host's own parameters have only one value of a name,
 * and mix those of path and query.
 */
function toApiRequest(path: string, request: HttpRequest): ApiRequest {
  const { pathname, search } = new URL(request.url);
  // The host configures the prefix: the route is as many parts as it has, from the end.
  const parts = pathname.split('/').filter((part) => part !== '');
  return {
    method: request.method.toUpperCase(),
    path: parts.slice(-path.split('/').length).join('/'),
    query: search.slice(1),
    header: (header) => request.headers.get(header) ?? undefined,
  };
}

function toResponseInit({ status, headers, body }: ApiResponse): HttpResponseInit {
  if (body === undefined) return { status, headers };
  const isWhole = typeof body === 'string' || body instanceof Uint8Array;
  return { status, headers, body: isWhole ? body : toStream(body) };
}

function toStream(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  return ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
}
