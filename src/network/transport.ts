import { FatalError, type RequestFacts, RetriableError } from '../errors.ts';
import { Dispatchers } from './dispatchers.ts';
import { type ExchangeResponse, exchange, type OnBody } from './exchange.ts';
import { type HostFailure, KnownHosts } from './knownHosts.ts';
import { onAbort } from './onAbort.ts';
import { noProxyOf, type ProxyOf } from './proxy.ts';

export interface HttpRequest {
  url: URL;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** For the error, if no answer comes. */
  facts: RequestFacts;
  signal?: AbortSignal | undefined;
  /** Takes the body of a 200. */
  onBody?: OnBody | undefined;
}

export interface HttpResponse extends ExchangeResponse {
  /** All of it that `onBody` did not take. */
  body: string;
}

/**
 * Sends one GET and reads its whole answer, with any status.
 *
 * @throws RetriableError where no whole answer came: no connection, a reset, a time-out, a body
 * that ended early
 * @throws FatalError where the host has never answered and another try would fail too: its
 * certificate is not trusted, the proxy refuses
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

export interface TransportOptions {
  /** Maximum of connections to the host; kept alive between requests. */
  connections: number;
  connectTimeoutMs?: number;
  /** Longest wait for the first byte of an answer. */
  headersTimeoutMs?: number;
  /** Longest pause within a body. */
  bodyTimeoutMs?: number;
  /** Longest time for one answer in all. Partner Center's own SDK waits three minutes. */
  totalTimeoutMs?: number;
  /** Largest body. `customers/usagerecords` takes about 600 bytes a customer. */
  maxResponseBytes?: number;
  proxyOf?: ProxyOf | undefined;
  /** See {@link KnownHosts}. */
  givesUpEarly?: boolean | undefined;
}

/** A transport over undici, and a function that closes its connections. */
export function createTransport(options: TransportOptions): {
  send: Transport;
  close(): Promise<void>;
} {
  const { totalTimeoutMs = 180_000, proxyOf = noProxyOf, givesUpEarly = false } = options;
  const dispatchers = new Dispatchers({
    proxyOf,
    connections: options.connections,
    connectTimeoutMs: options.connectTimeoutMs ?? (givesUpEarly ? 5_000 : 10_000),
    headersTimeout: options.headersTimeoutMs ?? totalTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs ?? 60_000,
    keepAliveTimeout: 30_000,
    maxResponseSize: options.maxResponseBytes ?? 512 * 1024 * 1024,
  });
  const hosts = new KnownHosts({ proxyOf, givesUpEarly });
  return {
    async send({ url, headers, facts, signal, onBody }) {
      signal?.throwIfAborted();
      const givenUp = hosts.findGivenUp(url);
      if (givenUp) throw errorOfFailure(givenUp, url, facts);
      const abort = new AbortController();
      // Removed after the request; AbortSignal.any would stay registered at the run's signal.
      const release = signal && onAbort(signal, () => abort.abort(signal.reason));
      const timer = setTimeout(() => abort.abort(new TimeoutError(totalTimeoutMs)), totalTimeoutMs);
      try {
        const request = { url, method: 'GET' as const, headers, signal: abort.signal };
        const answer = { status: 0, headers: {}, body: '' };
        await exchange(dispatchers.of(url), request, (response) => {
          hosts.noteAnswer(url);
          Object.assign(answer, response);
          const keep: OnBody = (text) => {
            answer.body += text;
          };
          return response.status === 200 && onBody ? onBody : keep;
        });
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        throw errorOfFailure(hosts.judge(error, url), url, facts, error);
      } finally {
        clearTimeout(timer);
        release?.();
      }
    },
    close: () => dispatchers.destroy(),
  };
}

class TimeoutError extends Error {
  readonly code = 'TIMEOUT';

  constructor(totalTimeoutMs: number) {
    super(`no whole answer within ${totalTimeoutMs} ms`);
  }
}

/** The error for a request without an answer. */
export function errorOfFailure(
  { code, finalReason }: HostFailure,
  { host }: URL,
  facts: RequestFacts,
  cause?: unknown,
): FatalError | RetriableError {
  const request = `${facts.method} ${facts.path}`;
  if (finalReason !== undefined) {
    return new FatalError(code, `${request} got no answer: ${finalReason}`, facts, { cause });
  }
  const message = `${request} got no whole answer from ${host} (${code})`;
  return new RetriableError(code, message, facts, { cause });
}
