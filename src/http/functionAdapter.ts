import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { answer } from './answer.ts';
import type { ApiRequest, ApiResponse } from './apiRequest.ts';
import type { ApiServices } from './apiServices.ts';
import { type RouteName, routePaths } from './routePaths.ts';
import { routes } from './routes.ts';

/** Answers what the Functions host passed on to the function of a route. */
export async function answerFunction(
  name: RouteName,
  request: HttpRequest,
  services: ApiServices,
): Promise<HttpResponseInit> {
  return toResponseInit(await answer(routes[name], toApiRequest(name, request), services));
}

/**
 * Path and query are taken from the URL. What the host makes of them knows a parameter only once,
 * and mixes those of path and query.
 */
function toApiRequest(name: RouteName, request: HttpRequest): ApiRequest {
  const { pathname, search } = new URL(request.url);
  // The host's prefix is the host's: what follows it has as many parts as the route.
  const parts = pathname.split('/').filter((part) => part !== '');
  return {
    method: request.method.toUpperCase(),
    path: parts.slice(-routePaths[name].path.split('/').length).join('/'),
    query: search.slice(1),
    header: (header) => request.headers.get(header) ?? undefined,
  };
}

function toResponseInit({ status, headers, body }: ApiResponse): HttpResponseInit {
  if (body === undefined) return { status, headers };
  return { status, headers, body: typeof body === 'string' ? body : toStream(body) };
}

function toStream(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  return ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
}
