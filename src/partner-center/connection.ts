import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { type RequestFacts, RetriableError, UnreadableError } from '../errors.ts';
import { quote } from '../text.ts';
import { withoutByteOrderMark } from '../usage/exactJson.ts';
import type { Credential } from './credential.ts';
import type { Gate } from './gate.ts';
import { parseLiteralJson } from './literalJson.ts';
import { type CallLevel, errorOfResponse, isTokenExpired } from './responseError.ts';
import { withRetry } from './retry.ts';
import { parseRetryAfter } from './retryAfter.ts';
import type { HttpResponse, Transport } from './transport.ts';

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
}

/** Requests sent over one connection. */
export interface RequestCounts {
  /** Requests sent, tries included. */
  requests: number;
  /** Those among them that were tries after the first. */
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
  /** How a 200's body is parsed; throws a SyntaxError. Default: as JSON whose numbers are texts. */
  parse?: (body: string) => unknown;
}

/** A 200. */
export interface Answer<T> {
  value: T;
  /** As received, without a byte order mark. */
  body: string;
  headers: HttpResponse['headers'];
}

/**
 * Calls to Partner Center, each with all that belongs to one: access token, gate, retry, the same
 * `MS-RequestId` on every try (Partner Center: headers).
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #counts = { requests: 0, retries: 0, throttled: 0 };
  readonly #tokenRequestsBefore: number;
  readonly baseUrl: URL;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.baseUrl = new URL(options.baseUrl);
    this.#tokenRequestsBefore = options.credential.tokenRequests;
  }

  get counts(): RequestCounts {
    const { tokenRequests } = this.#options.credential;
    return { ...this.#counts, tokenRequests: tokenRequests - this.#tokenRequestsBefore };
  }

  /** One call, with its tries; `undefined` for an answer that the call accepts in place of a 200. */
  async get<T>(call: Call, schema: z.ZodType<T>): Promise<Answer<T> | undefined> {
    const { clock, random, newRequestId = randomUUID, signal } = this.#options;
    const facts = { ...this.factsOf(call.path), requestId: newRequestId() };
    return withRetry(
      async (attemptNumber) => {
        if (attemptNumber > 1) this.#counts.retries++;
        const response = await this.#send(call, facts);
        if (call.accepts?.(response)) return undefined;
        if (response.status !== 200) {
          throw errorOfResponse(response, call.level, facts, clock.now());
        }
        const parsed = schema.safeParse(
          parseBody(response.body, call.parse ?? parseLiteralJson, facts),
        );
        if (parsed.success) {
          const body = withoutByteOrderMark(response.body);
          return { value: parsed.data, body, headers: response.headers };
        }
        throw new UnreadableError(
          'SCHEMA',
          `GET ${facts.path} answered 200 with a body that cannot be read: ${describeIssue(parsed.error)}`,
          { ...facts, status: 200 },
        );
      },
      { clock, random, signal },
    );
  }

  /** Sends a request through the gate; after a 401 once more, with a renewed access token. */
  async #send(call: Call, facts: RequestFacts): Promise<HttpResponse> {
    const { credential, signal } = this.#options;
    const token = await credential.getToken(signal);
    const response = await this.#sendOnce(call, facts, token);
    if (!isTokenExpired(response)) return response;
    this.#counts.retries++;
    return this.#sendOnce(call, facts, await credential.renewToken(token, signal));
  }

  /**
   * What enters the gate is sent at once: waiting for a token in there would hold up a minute's
   * budget, whose requests would then go out together.
   */
  #sendOnce(call: Call, facts: RequestFacts, token: string): Promise<HttpResponse> {
    const { gate, transport, clock, correlationId, signal } = this.#options;
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
        const response = await transport({ url, headers, facts, signal });
        if (response.status === 429) {
          this.#counts.throttled++;
          gate.throttle(entry, parseRetryAfter(response.headers['retry-after'], clock.now()));
        }
        return response;
      },
      { isLimited: call.isLimited ?? false, isGood: ({ status }) => status < 500, signal },
    );
  }

  /** What an error about a request to `path` says of it. */
  factsOf(path: string): RequestFacts {
    const [withoutQuery = path] = path.split('?');
    // That of a next page is what the page before says.
    return {
      method: 'GET',
      path: quote(withoutQuery),
      correlationId: this.#options.correlationId,
    };
  }
}

/** A body that is no JSON was cut off, or comes from something in front of the API. */
function parseBody(body: string, parse: (body: string) => unknown, facts: RequestFacts): unknown {
  try {
    return parse(body);
  } catch {
    // The parser's error quotes the body, which may name people: it is not passed on.
    throw new RetriableError(
      'NOT_JSON',
      `GET ${facts.path} answered 200 with ${body.length} characters that are no JSON`,
      { ...facts, status: 200 },
    );
  }
}

/** The place and the expectation of the first problem, never the value. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') || 'body'}: ${issue?.message}`;
}
