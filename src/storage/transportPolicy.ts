import { RestError, type TableServiceClientOptions } from '@azure/data-tables';
import { describeHostFailure, KnownHosts } from '../network/knownHosts.ts';
import { noProxyOf, type ProxyOf } from '../network/proxy.ts';
import { limitTime, type TimeLimit } from '../network/timeLimit.ts';
import { unreadableAnswer } from './storageError.ts';

type Policies = NonNullable<TableServiceClientOptions['additionalPolicies']>;
type Policy = Policies[number]['policy'];
type Request = Parameters<Policy['sendRequest']>[0];
type Response = Awaited<ReturnType<Policy['sendRequest']>>;

/** Table Storage itself ends an operation after 30 s. */
const requestTimeoutMs = 40_000;

const transientSubStatus = /^HTTP\/1\.1 (408|429|500|502|503|504)\b/m;

/** Codes of requests without an answer that the SDK tries again. */
const codesTriedAgain = new Set(['ETIMEDOUT', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND']);

/** How the tables are reached, and how long they are waited for. */
export interface TransportOptions {
  /** Longest time for one call, all its tries and the waits between them included. */
  callTimeoutMs: number;
  proxyOf: ProxyOf;
}

/** What is added to the SDK's own policies. */
export function createTransportPolicies({ callTimeoutMs, proxyOf }: TransportOptions): Policies {
  return [
    { policy: callTimeoutPolicy(callTimeoutMs, proxyOf), position: 'perCall' },
    { policy: transportPolicy({ proxyOf }), position: 'perRetry' },
  ];
}

/** A call that is under way, with the result of its last try. */
interface CallState {
  limit: TimeLimit;
  /** Of the last try: the status of its answer, or why there was none. */
  lastStatus?: number | undefined;
  lastError?: unknown;
}

const callsUnderWay = new WeakMap<Request, CallState>();

/**
 * Ends a call after a time. The SDK's retry waits for as long as a `Retry-After` asks, and a
 * credential may take any time. Each received part of an answer restarts the time, so that a large
 * page over a slow line does not fail.
 */
export function callTimeoutPolicy(timeoutMs: number, proxyOf: ProxyOf = noProxyOf): Policy {
  return {
    name: 'callTimeoutPolicy',
    async sendRequest(request, next) {
      const limit = limitTime(request, timeoutMs);
      const call: CallState = { limit };
      callsUnderWay.set(request, call);
      try {
        return await Promise.race([next(request), limit.ended]);
      } catch (error) {
        if (!limit.isOver()) throw error;
        const { lastStatus: statusCode, lastError } = call;
        if (statusCode === undefined) {
          throw lastError ?? noAnswerWithin(timeoutMs, request, proxyOf);
        }
        const { host } = new URL(request.url);
        const message = `${host} put the call off for longer than ${timeoutMs / 1000} s`;
        throw new RestError(message, { code: 'ETIMEDOUT', request, statusCode });
      } finally {
        limit.release();
      }
    },
  };
}

/**
 * Makes the SDK retry faults that it does not recognise itself. It has to run inside that retry
 * (`position: 'perRetry'`). Every request of this folder may be sent twice, so these are tried
 * again:
 *
 * - a request that takes longer than the limit, headers and body together: the SDK's own timeout
 *   ends with the headers, and is not tried again
 * - an answer that breaks off in the middle
 * - an answer that is no JSON object: the SDK parses it only after its retry, and takes a page of
 *   another type for a list without rows
 * - a transaction whose own status is 202 while a part of it says that the server is busy
 *   (Azure/azure-sdk-for-net#46845)
 * - a connection that fails with a code which the SDK does not know
 *
 * Where no answer came, the error names the host and the cure.
 */
export function transportPolicy({
  timeoutMs = requestTimeoutMs,
  proxyOf = noProxyOf,
}: {
  timeoutMs?: number;
  proxyOf?: ProxyOf;
} = {}): Policy {
  const hosts = new KnownHosts({ proxyOf });
  return {
    name: 'transportPolicy',
    async sendRequest(request, next) {
      const callerSignal = request.abortSignal;
      const call = callsUnderWay.get(request);
      const limit = limitTime(request, timeoutMs);
      try {
        request.onDownloadProgress = () => call?.limit.extend();
        const response = await Promise.race([next(request), limit.ended]);
        hosts.noteAnswer(new URL(request.url));
        const subStatus = transientSubStatus.exec(response.bodyAsText ?? '')?.[1];
        if (response.status === 202 && subStatus) response.status = Number(subStatus);
        if (call) Object.assign(call, { lastStatus: response.status, lastError: undefined });
        // One of the codes that the SDK tries again.
        if (isUnreadable(response)) throw new RestError(unreadableAnswer, { code: 'ECONNRESET' });
        return response;
      } catch (error) {
        if (callerSignal?.aborted) throw error;
        if (limit.isOver()) throw noAnswerWithin(timeoutMs, request, proxyOf);
        const lastError = errorOf(error, request, hosts, proxyOf);
        if (call) Object.assign(call, { lastStatus: undefined, lastError });
        throw lastError;
      } finally {
        limit.release();
        // The SDK's retry checks the caller's signal.
        if (callerSignal) request.abortSignal = callerSignal;
        else delete request.abortSignal;
      }
    },
  };
}

function noAnswerWithin(timeoutMs: number, request: Request, proxyOf: ProxyOf): RestError {
  const url = new URL(request.url);
  const isByProxy = proxyOf(url) !== undefined;
  const message = describeHostFailure(`no answer within ${timeoutMs / 1000} s`, url, isByProxy);
  return new RestError(message, { code: 'ETIMEDOUT', request });
}

/** The error for the SDK's retry, in place of the one that its client has thrown. */
function errorOf(error: unknown, request: Request, hosts: KnownHosts, proxyOf: ProxyOf): unknown {
  if (!(error instanceof RestError) || error.code === undefined) return error;
  if (error.message === unreadableAnswer) return error;
  const url = new URL(request.url);
  const { code, finalReason } = hosts.judge(error, url);
  if (finalReason !== undefined) return new RestError(finalReason, { code, request });
  const message = describeHostFailure(code, url, proxyOf(url) !== undefined);
  return new RestError(message, { code: codesTriedAgain.has(code) ? code : 'ECONNRESET', request });
}

/**
 * Table service: 200 and 201 are a JSON object; a transaction is 202, and all else has no body.
 * Only first and last character are checked, so that long answers are not parsed twice.
 */
function isUnreadable({ status, bodyAsText }: Response): boolean {
  if (status !== 200 && status !== 201) return false;
  const text = bodyAsText?.trim() ?? '';
  return !text.startsWith('{') || !text.endsWith('}');
}
