import { Readable } from 'node:stream';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineOptions,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import { messageOf } from '../errors.ts';
import { Dispatchers } from './dispatchers.ts';
import { exchange, type OnBody } from './exchange.ts';
import { failureCodeOf } from './knownHosts.ts';
import type { ProxyOf } from './proxy.ts';
import { limitTime } from './timeLimit.ts';

/** Options of every client of the Azure SDK. */
export interface AzureClientOptions {
  httpClient: HttpClient;
  proxyOptions: NonNullable<PipelineOptions['proxyOptions']>;
}

/**
 * Sends the requests of the Azure SDK over undici and by the same proxies as all others: the SDK's
 * own client needs more than twice the CPU time for a request.
 *
 * @param options.timeoutMs longest time for one request; the SDK itself has no limit
 */
export function createAzureClientOptions({
  proxyOf,
  timeoutMs,
}: {
  proxyOf: ProxyOf;
  timeoutMs?: number;
}): AzureClientOptions {
  const dispatchers = dispatchersOf(proxyOf);
  return {
    httpClient: {
      sendRequest: (request) =>
        timeoutMs === undefined
          ? send(request, dispatchers)
          : sendWithin(timeoutMs, request, dispatchers),
    },
    // With a proxy given, the SDK does not read the environment, where an invalid URL would make it
    // throw. This value is not used: the client above decides.
    proxyOptions: { host: 'http://proxy.invalid', port: 80 },
  };
}

const dispatchersByProxy = new WeakMap<ProxyOf, Dispatchers>();

/** One for the process, like the SDK's own: clients share connections that are kept alive. */
function dispatchersOf(proxyOf: ProxyOf): Dispatchers {
  const dispatchers =
    dispatchersByProxy.get(proxyOf) ??
    // The clients limit the time of their requests themselves.
    new Dispatchers({ proxyOf, connectTimeoutMs, headersTimeout: 0, bodyTimeout: 0 });
  dispatchersByProxy.set(proxyOf, dispatchers);
  return dispatchers;
}

const connectTimeoutMs = 30_000;

/**
 * @throws RestError without an answer, with a code that the SDK knows where another try may help;
 * the signal's reason
 */
async function send(request: PipelineRequest, dispatchers: Dispatchers): Promise<PipelineResponse> {
  const { method, body, abortSignal: signal, onDownloadProgress } = request;
  const url = new URL(request.url);
  if (url.protocol !== 'https:' && !request.allowInsecureConnection) {
    throw new Error(`expected https, got ${url.protocol}//${url.hostname}`);
  }
  const isSendable = typeof body === 'string' || body instanceof Uint8Array;
  if (body !== undefined && body !== null && !isSendable) {
    throw new TypeError(`expected a text or bytes as the body of ${method} ${url.pathname}`);
  }
  const encoding = request.streamResponseStatusCodes?.size ? 'latin1' : 'utf8';
  const headers = request.headers.toJSON();
  // Nothing here decompresses.
  delete headers['accept-encoding'];
  const response: PipelineResponse & { bodyAsText: string } = {
    request,
    status: 0,
    headers: createHttpHeaders(),
    bodyAsText: '',
  };
  const onBody: OnBody = (text) => {
    response.bodyAsText += text;
    onDownloadProgress?.({ loadedBytes: response.bodyAsText.length });
  };
  try {
    const sent = { url, method, headers, body, encoding, signal } as const;
    await exchange(dispatchers.of(url), sent, (received) => {
      response.status = received.status;
      for (const [name, value] of Object.entries(received.headers)) {
        if (value !== undefined) response.headers.set(name, String(value));
      }
      return onBody;
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RestError(messageOf(error), { code: sdkCodeOf(failureCodeOf(error)), request });
  }
  if (isStreamed(request, response.status)) {
    const bytes = Buffer.from(response.bodyAsText, 'latin1');
    return { ...response, bodyAsText: null, readableStreamBody: Readable.from([bytes]) };
  }
  return response;
}

/** Whether the SDK asks for the body as bytes. */
function isStreamed({ streamResponseStatusCodes: statuses }: PipelineRequest, status: number) {
  return statuses?.has(Number.POSITIVE_INFINITY) === true || statuses?.has(status) === true;
}

/** The SDK tries these codes again. */
const sdkCodes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
};

/** A proxy that cannot reach the host may do so later. */
function sdkCodeOf(code: string): string {
  return /^PROXY_5\d\d$/.test(code) ? 'ECONNREFUSED' : (sdkCodes[code] ?? code);
}

/** For credentials, which ignore signals and have no time limit of their own. */
export function createIdentityOptions(proxyOf: ProxyOf): AzureClientOptions {
  return createAzureClientOptions({ proxyOf, timeoutMs: identityTimeoutMs });
}

const identityTimeoutMs = 30_000;

async function sendWithin(
  timeoutMs: number,
  request: PipelineRequest,
  dispatchers: Dispatchers,
): Promise<PipelineResponse> {
  const callerSignal = request.abortSignal;
  const limit = limitTime(request, timeoutMs);
  try {
    return await Promise.race([send(request, dispatchers), limit.ended]);
  } finally {
    limit.release();
    if (callerSignal) request.abortSignal = callerSignal;
    else delete request.abortSignal;
  }
}
