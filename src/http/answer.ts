import { ConfigurationError, isUnreadableRow } from '../errors.ts';
import { utcDateOf } from '../usage/date.ts';
import type { ApiRequest, ApiResponse } from './apiRequest.ts';
import type { ApiServices } from './apiServices.ts';
import { toCsv } from './csv.ts';
import { entityTagOf, isTagNamed } from './entityTag.ts';
import { chooseFormat, type Format, mediaTypes } from './format.ts';
import { toNdjson } from './ndjson.ts';
import type { Page } from './pages.ts';
import { readParameters } from './parameters.ts';
import { Problem } from './problem.ts';
import { isHostParameter } from './requestTexts.ts';
import type { DataAnswer, DataRoute, TextRoute } from './route.ts';
import { routePaths } from './routePaths.ts';
import { settingNamesIn } from './settingNames.ts';

/** OWASP: REST security. Answers but the page are none, and a URL can contain a key. */
const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

const headersOfData = { 'cache-control': 'private, no-cache', vary: 'accept' };

/** Sent where the tables cannot be read; the table client has retried for some 8 s before. */
const retryAfterSeconds = 30;

/**
 * The answer of a route; errors are answers as well, so it never throws.
 *
 * @param route or the problem where there is none
 */
export async function answer(
  route: DataRoute | TextRoute | Page | Problem,
  request: ApiRequest,
  services: ApiServices,
): Promise<ApiResponse> {
  let response: ApiResponse;
  try {
    if (route instanceof Problem) throw route;
    response = await respond(route, request, services);
  } catch (error) {
    response = toProblem(error, services).toResponse();
  }
  const { status, body } = response;
  const headers = { ...securityHeaders, ...response.headers };
  return request.method === 'HEAD' || body === undefined
    ? { status, headers }
    : { status, headers, body };
}

async function respond(
  route: DataRoute | TextRoute | Page,
  request: ApiRequest,
  services: ApiServices,
): Promise<ApiResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new Problem(405, 'expected GET or HEAD', { headers: { allow: 'GET, HEAD' } });
  }
  if (route.access === 'open') return route.respond(services, request);
  if (!services.isAllowed(request)) {
    // Required by RFC 9110, section 11.6.1.
    const headers = { 'www-authenticate': 'Bearer' };
    throw new Problem(401, 'Sign in first.', { headers });
  }
  return 'write' in route
    ? respondWithText(route, request, services)
    : respondWithData(route, request, services);
}

function readAsked(
  { name, parameters }: DataRoute | TextRoute,
  request: ApiRequest,
  services: ApiServices,
) {
  const { path } = routePaths[name];
  return readParameters({ path, parameters }, request, utcDateOf(services.now()));
}

async function respondWithText(
  route: TextRoute,
  request: ApiRequest,
  services: ApiServices,
): Promise<ApiResponse> {
  const asked = readAsked(route, request, services);
  const accept = request.header('accept');
  const { text, headers } = await route.write(asked, accept, await services.openHistory());
  return toTextResponse(text, { ...headersOfData, ...headers }, request.header('if-none-match'));
}

async function respondWithData(
  route: DataRoute,
  request: ApiRequest,
  services: ApiServices,
): Promise<ApiResponse> {
  const asked = readAsked(route, request, services);
  const format = chooseFormat(asked['format'] as Format | undefined, request.header('accept'));
  const found = await route.handle({ ...asked, format }, await services.openHistory());
  const headers = { 'content-type': mediaTypes[format], ...headersOfData };
  if (format === 'json') {
    const text = JSON.stringify(found.document());
    return toTextResponse(text, headers, request.header('if-none-match'));
  }
  return toRowsResponse(found, format, headers, request.query);
}

function toTextResponse(
  body: string,
  headers: Record<string, string>,
  ifNoneMatch: string | undefined,
): ApiResponse {
  const etag = entityTagOf(body);
  const { 'content-type': _, ...withoutType } = headers;
  if (isTagNamed(etag, ifNoneMatch)) return { status: 304, headers: { ...withoutType, etag } };
  return { status: 200, headers: { ...headers, etag }, body };
}

function toRowsResponse(
  { rows, columns, fileName, continuation }: DataAnswer,
  format: 'csv' | 'ndjson',
  headers: Record<string, string>,
  query: string,
): ApiResponse {
  const ofNext = continuation !== undefined && { link: toLink(query, continuation) };
  if (format === 'ndjson') {
    return { status: 200, headers: { ...headers, ...ofNext }, body: toNdjson(rows()) };
  }
  const ofCsv = {
    'content-type': `${mediaTypes.csv}; charset=utf-8; header=present`,
    'content-disposition': `attachment; filename="${fileName}.csv"`,
  };
  return {
    status: 200,
    headers: { ...headers, ...ofCsv, ...ofNext },
    body: toCsv(columns, rows()),
  };
}

/**
 * A relative link to the same route (RFC 8288), without the key: the own address is unknown here.
 */
function toLink(query: string, continuation: string): string {
  const next = new URLSearchParams(query);
  for (const name of [...next.keys()].filter(isHostParameter)) next.delete(name);
  next.set('continuation', continuation);
  return `<?${next}>; rel="next"`;
}

/** The part of an error that the caller sees. The error itself goes to the log. */
function toProblem(error: unknown, services: ApiServices): Problem {
  if (error instanceof Problem) return error;
  services.onError(error);
  if (error instanceof ConfigurationError) {
    const names = settingNamesIn(error).join(', ');
    return new Problem(500, `There are settings that are missing or not valid: ${names}.`);
  }
  if (isUnavailable(error)) {
    const headers = { 'retry-after': String(retryAfterSeconds) };
    return new Problem(503, 'The tables cannot be read at the moment.', { headers });
  }
  return new Problem(500, 'Something unexpected went wrong; the log has the details.');
}

/** Whether the storage failed: any of its errors except that of an unreadable row. */
function isUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === 'StorageError' && !isUnreadableRow(error);
}
