import { Agent, request as undiciRequest } from 'undici';
import { type RequestFacts, RetriableError } from '../errors.ts';

export interface HttpRequest {
  url: URL;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** For the error, should no answer come. */
  facts: RequestFacts;
  signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/**
 * Sends one GET and reads its whole answer, whatever the status.
 *
 * @throws RetriableError where no whole answer came: no connection, a reset, a time-out, a body
 * that ended early
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

export interface TransportOptions {
  /** Most connections to the host; kept alive between requests. */
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
}

/** A transport over undici, and a way to give its connections back. */
export function createTransport(options: TransportOptions): {
  send: Transport;
  close(): Promise<void>;
} {
  const { totalTimeoutMs = 180_000 } = options;
  const agent = new Agent({
    connections: options.connections,
    connect: { timeout: options.connectTimeoutMs ?? 10_000 },
    headersTimeout: options.headersTimeoutMs ?? totalTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs ?? 60_000,
    keepAliveTimeout: 30_000,
    maxResponseSize: options.maxResponseBytes ?? 512 * 1024 * 1024,
  });
  return {
    async send({ url, headers, facts, signal }) {
      signal?.throwIfAborted();
      const abort = new AbortController();
      const onAbort = () => abort.abort(signal?.reason);
      // One listener taken off again: AbortSignal.any would hang on to the run's signal.
      signal?.addEventListener('abort', onAbort, { once: true });
      const timer = setTimeout(() => abort.abort(new TimeoutError(totalTimeoutMs)), totalTimeoutMs);
      try {
        const response = await undiciRequest(url, {
          dispatcher: agent,
          headers,
          signal: abort.signal,
        });
        const body = await response.body.text();
        return { status: response.statusCode, headers: response.headers, body };
      } catch (error) {
        signal?.throwIfAborted();
        throw toRetriableError(error, facts);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      }
    },
    close: () => agent.destroy(),
  };
}

class TimeoutError extends Error {
  readonly code = 'TIMEOUT';

  constructor(totalTimeoutMs: number) {
    super(`no whole answer within ${totalTimeoutMs} ms`);
  }
}

/** Names the failure by its stable code (`ECONNRESET`, `UND_ERR_HEADERS_TIMEOUT`). */
function toRetriableError(error: unknown, facts: RequestFacts): RetriableError {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string'
      ? error.code
      : 'NETWORK';
  return new RetriableError(
    code,
    `${facts.method} ${facts.path} got no whole answer (${code})`,
    facts,
    { cause: error },
  );
}
