import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { RequestFacts } from '../errors.ts';
import { type RetryPolicy, withRetry } from '../network/retry.ts';
import { retryAfterOf } from '../network/retryAfter.ts';
import type { HttpResponse, Transport } from '../network/transport.ts';
import type { Credential } from '../sign-in/credential.ts';
import { quote } from '../text.ts';
import { withoutByteOrderMark } from '../usage/exactJson.ts';
import { type BodyReader, endBody } from './bodyReader.ts';
import type { Gate } from './gate.ts';
import { type CallLevel, errorOfResponse, isTokenExpired } from './responseError.ts';

export interface ConnectionOptions {
  /** `https://api.partnercenter.microsoft.com`, or a proxy in its place. */
  baseUrl: string;
  credential: Credential;
  gate: Gate;
  transport: Transport;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  /** `MS-CorrelationId` of all requests: one a run. */
  correlationId: string;
  /** Makes an `MS-RequestId`. */
  newRequestId?: () => string;
  /** Ends all requests. */
  signal?: AbortSignal;
  /**
   * Until when a pause that Partner Center asks for is waited for, in milliseconds since the epoch.
   * Default: the longest wait of the gate.
   */
  waitUntilMs?: number;
  retryPolicy?: RetryPolicy;
}

/** Requests sent over one connection. */
export interface RequestCounts {
  /** Requests sent, tries included. */
  requests: number;
  /** Those of them that were retries. */
  retries: number;
  /** Answers 429. */
  throttled: number;
  /** Requests to the token endpoint. */
  tokenRequests: number;
}

/** One GET. */
export interface Call {
  /** With its query, from `/v1` on. */
  path: string;
  level: CallLevel;
  headers?: Record<string, string>;
  /** Whether the request counts against the budget of the lists with a documented limit. */
  isLimited?: boolean;
  /** Answers other than 200 that are no error for this call. */
  accepts?: (response: HttpResponse) => boolean;
  /** Whether the body of a 200 is read as it comes, and not kept. */
  isStreamed?: boolean;
}

/**
 * Tries of a request after pauses of all requests, which its own retries do not count. There are
 * many, as such a pause is not a failure of this request.
 */
const maxPauses = 50;

/** A try of a call. */
interface Request {
  call: Call;
  facts: RequestFacts;
  /** Takes the body of a 200 as it comes. */
  onBody?: (text: string) => void;
}

/** A 200. */
export interface Answer<T> {
  value: T;
  /** As received, without a byte order mark; empty for a call that is streamed. */
  body: string;
  headers: HttpResponse['headers'];
}

/**
 * Calls to Partner Center: each gets an access token, passes the gate, is retried, and has the same
 * `MS-RequestId` on every try (Partner Center: headers).
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #counts = { requests: 0, retries: 0, throttled: 0 };
  readonly #tokenRequestsBefore: number;
  /** Answers other than 429 and 5xx. */
  #served = 0;
  readonly baseUrl: URL;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.baseUrl = new URL(options.baseUrl);
    this.#tokenRequestsBefore = options.credential.tokenRequests;
  }

  get correlationId(): string {
    return this.#options.correlationId;
  }

  get counts(): RequestCounts {
    const { tokenRequests } = this.#options.credential;
    return { ...this.#counts, tokenRequests: tokenRequests - this.#tokenRequestsBefore };
  }

  /**
   * One call, with its tries; `undefined` for an answer that the call accepts in place of a 200.
   *
   * @param createReader makes the reader of a 200, one for each try
   * @throws RequestError as {@link errorOfResponse} says, or `UnreadableError` for a 200 whose body
   * is not what was expected
   * @throws ApiPausedError when Partner Center asks for a pause that ends too late
   */
  async get<T>(call: Call, createReader: () => BodyReader<T>): Promise<Answer<T> | undefined> {
    const { clock, random, retryPolicy: policy, newRequestId = randomUUID, signal } = this.#options;
    const facts = { ...this.factsOf(call.path), requestId: newRequestId() };
    const pauses = { left: maxPauses };
    return withRetry(
      async (attemptNumber) => {
        if (attemptNumber > 1) this.#counts.retries++;
        const reader = createReader();
        let length = 0;
        const onBody = (text: string) => {
          length += text.length;
          reader.write(text);
        };
        const request = { call, facts, ...(call.isStreamed && { onBody }) };
        const response = await this.#sendThroughPauses(request, pauses);
        if (call.accepts?.(response)) return undefined;
        if (response.status !== 200) {
          throw errorOfResponse(response, call.level, facts, clock.now());
        }
        // What was not taken as it came.
        onBody(response.body);
        const retryAfterMs = this.#retryAfterOf(response);
        const value = endBody(reader, length, { ...facts, status: 200 }, retryAfterMs);
        const body = withoutByteOrderMark(response.body);
        return { value, body, headers: response.headers };
      },
      { clock, random, signal, ...(policy && { policy }) },
    );
  }

  /**
   * Sends a request, and again after each pause of all requests, which the gate waits for. A 429
   * while other requests were served is left to the request's own retries: it may be a limit of
   * this customer (Partner Center: API throttling guidance, limits per customer), and would
   * otherwise pause all requests again and again.
   */
  async #sendThroughPauses(request: Request, pauses: { left: number }): Promise<HttpResponse> {
    for (;;) {
      const servedBefore = this.#served;
      const response = await this.#send(request);
      const isPause = response.status === 429 && (this.#retryAfterOf(response) ?? 0) > 0;
      if (!isPause || this.#served > servedBefore || pauses.left === 0) return response;
      pauses.left--;
      this.#counts.retries++;
    }
  }

  /** Sends a request; after a 401 once more, if there is a new access token. */
  async #send(request: Request): Promise<HttpResponse> {
    const { credential, signal } = this.#options;
    const token = await credential.getToken(signal);
    const response = await this.#sendOnce(request, token);
    if (!isTokenExpired(response)) return response;
    const renewed = await credential.renewToken(token, signal);
    if (renewed === token) return response;
    this.#counts.retries++;
    return this.#sendOnce(request, renewed);
  }

  /**
   * A request that has entered the gate is sent at once: waiting for a token there would delay
   * requests of a minute's budget, which would then be sent together.
   */
  #sendOnce({ call, facts, onBody }: Request, token: string): Promise<HttpResponse> {
    const { gate, transport, correlationId, signal, waitUntilMs } = this.#options;
    const url = new URL(this.baseUrl.pathname.replace(/\/+$/, '') + call.path, this.baseUrl);
    return gate.run(
      async (entry) => {
        const headers = {
          ...call.headers,
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'ms-requestid': facts.requestId ?? '',
          'ms-correlationid': correlationId,
          'ms-contract-version': 'v1',
          'x-locale': 'en-US',
          'user-agent': 'csp-usage-snapshots',
        };
        this.#counts.requests++;
        const response = await transport({ url, headers, facts, signal, onBody });
        if (response.status === 429) {
          this.#counts.throttled++;
          gate.throttle(entry, this.#retryAfterOf(response));
        } else if (response.status < 500) {
          this.#served++;
        }
        return response;
      },
      {
        isLimited: call.isLimited ?? false,
        isGood: ({ status }) => status < 500,
        waitUntilMs,
        signal,
      },
    );
  }

  #retryAfterOf({ headers }: HttpResponse): number | undefined {
    return retryAfterOf(headers, this.#options.clock.now());
  }

  /** Age of the stored refresh token, where it is known. */
  get refreshTokenAgeDays(): number | undefined {
    return this.#options.credential.refreshTokenAgeDays;
  }

  /** Milliseconds since the epoch. */
  nowMs(): number {
    return this.#options.clock.now();
  }

  /** The facts that an error has of a request to `path`. */
  factsOf(path: string): RequestFacts {
    const [withoutQuery = path] = path.split('?');
    // The path of a next page comes from the API, so it is quoted.
    return {
      method: 'GET',
      path: quote(withoutQuery),
      correlationId: this.#options.correlationId,
    };
  }
}
