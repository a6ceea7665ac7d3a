import {
  allowInsecureRequests,
  buildAuthorizationUrl,
  ClientError,
  Configuration,
  type CustomFetchOptions,
  customFetch,
} from 'openid-client';
import { fetch as undiciFetch } from 'undici';
import type { Clock } from '../clock.ts';
import { ConfigurationError, FatalError, RequestError, RetriableError } from '../errors.ts';
import { Dispatchers } from '../network/dispatchers.ts';
import { KnownHosts } from '../network/knownHosts.ts';
import { isLoopback } from '../network/loopback.ts';
import { noProxyOf, type ProxyOf } from '../network/proxy.ts';
import { errorOfFailure } from '../network/transport.ts';
import type { ClientAuthentication } from './clientAuthentication.ts';
import { errorOfSignInAnswer } from './signInError.ts';

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body: string;
    redirect: 'manual';
    signal: AbortSignal;
  },
) => Promise<Pick<Response, 'status' | 'text'> & { headers: { get(name: string): string | null } }>;

export interface TokenEndpointOptions {
  /** `https://login.microsoftonline.com`; http on loopback alone. */
  authorityHost: string;
  tenantId: string;
  clientId: string;
  clientAuthentication: ClientAuthentication;
  clock: Clock;
  /** Longest time for one answer, in milliseconds. */
  timeoutMs?: number | undefined;
  proxyOf?: ProxyOf | undefined;
  /** See {@link KnownHosts}. */
  givesUpEarly?: boolean | undefined;
  /** Replaces undici's own. */
  fetch?: Fetch | undefined;
}

/** The token endpoint of a tenant, for any grant. */
export interface TokenEndpoint {
  /** POSTs sent so far. */
  readonly requests: number;
  /** Where a user's browser is sent to sign in; the app's id is added to the parameters. */
  buildAuthorizationUrl(parameters: Record<string, string>): URL;
  /**
   * Runs a grant of openid-client once.
   *
   * @throws RetriableError for transient failures: no answer, 429, 5xx, a body that is not the
   * documented one
   * @throws FatalError where sign-in is refused, or the host has never answered and its certificate
   * is not trusted
   */
  request<T>(grant: (configuration: Configuration) => Promise<T>, signal: AbortSignal): Promise<T>;
}

const defaultTimeoutMs = 30_000;
/** For interactive use: a sign-in host answers within a second or two. */
const earlyTimeoutMs = 8_000;

/** Microsoft Entra's v2.0 endpoint, without discovery: its address follows from the tenant. */
export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const { clientId, clientAuthentication, proxyOf = noProxyOf, givesUpEarly = false } = options;
  const { timeoutMs = givesUpEarly ? earlyTimeoutMs : defaultTimeoutMs } = options;
  const { fetch = createFetch(proxyOf, timeoutMs) } = options;
  const hosts = new KnownHosts({ proxyOf, givesUpEarly });
  const base = `${options.authorityHost}/${options.tenantId}`;
  const server = {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
  };
  const { pathname: path, protocol, hostname } = new URL(server.token_endpoint);
  const isInsecureLoopback = protocol === 'http:' && isLoopback(hostname);
  const facts = { method: 'POST', path };
  let requests = 0;

  async function send(url: string, init: CustomFetchOptions, signal: AbortSignal) {
    requests++;
    const answer = await readAnswer(url, init, signal);
    if (answer.status === 200) {
      return new Response(answer.body, { headers: { 'content-type': 'application/json' } });
    }
    throw errorOfSignInAnswer(answer, facts, options.clock.now());
  }

  async function readAnswer(url: string, init: CustomFetchOptions, signal: AbortSignal) {
    try {
      const response = await fetch(url, {
        method: init.method,
        headers: init.headers,
        body: String(init.body),
        redirect: 'manual',
        signal: init.signal ? AbortSignal.any([init.signal, signal]) : signal,
      });
      hosts.noteAnswer(new URL(url));
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after') ?? undefined,
        contentType: response.headers.get('content-type') ?? undefined,
        body: await response.text(),
      };
    } catch (error) {
      signal.throwIfAborted();
      throw errorOfFailure(hosts.judge(error, new URL(url)), new URL(url), facts, error);
    }
  }

  function configure() {
    const configuration = new Configuration(server, clientId, undefined, clientAuthentication);
    configuration.timeout = timeoutMs / 1000;
    if (isInsecureLoopback) allowInsecureRequests(configuration);
    return configuration;
  }

  return {
    get requests() {
      return requests;
    },
    buildAuthorizationUrl: (parameters) => buildAuthorizationUrl(configure(), parameters),
    async request(grant, signal) {
      const configuration = configure();
      let isAnswered = false;
      configuration[customFetch] = async (url, init) => {
        const response = await send(url, init, signal);
        isAnswered = true;
        return response;
      };
      try {
        return await grant(configuration);
      } catch (error) {
        signal.throwIfAborted();
        throw toRequestError(error, isAnswered, facts);
      }
    },
  };
}

/** undici's, over connections of its own: idle ones are closed, and keep no process alive. */
function createFetch(proxyOf: ProxyOf, timeoutMs: number): Fetch {
  const connectTimeoutMs = Math.min(timeoutMs, 10_000);
  const dispatchers = new Dispatchers({ proxyOf, connectTimeoutMs });
  return (url, init) => undiciFetch(url, { ...init, dispatcher: dispatchers.of(new URL(url)) });
}

/**
 * openid-client wraps what its parts throw, and its own errors contain the answer with the tokens.
 * So our errors are unwrapped, and of others only the name is kept.
 */
function toRequestError(
  error: unknown,
  isAnswered: boolean,
  facts: { method: string; path: string },
): Error {
  const inner = error instanceof ClientError ? error.cause : error;
  if (inner instanceof RequestError || inner instanceof ConfigurationError) return inner;
  const request = `${facts.method} ${facts.path}`;
  const name = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (isAnswered) {
    const message = `${request} answered 200 without a token that can be read (${name})`;
    return new RetriableError('TOKEN_UNREADABLE', message, { ...facts, status: 200 });
  }
  return new FatalError('TOKEN_REQUEST', `${request} could not be made (${name})`, facts);
}
