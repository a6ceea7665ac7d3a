import {
  RefusedError,
  type RequestError,
  type RequestFacts,
  RetriableError,
  UnauthorizedError,
  UnreadableError,
} from '../errors.ts';
import { retryAfterOf } from '../network/retryAfter.ts';
import type { HttpResponse } from '../network/transport.ts';
import { type ErrorBody, readErrorBody } from './errorBody.ts';
import { isRefusalByText, noUsageCode } from './noUsage.ts';

/** Whether a call is about all customers or the partner itself, or about one customer. */
export type CallLevel = 'partner' | 'resource';

/**
 * Codes that refuse the sign-in, with their meaning and cure (Partner Center: error codes; MFA). A
 * new access token does not help.
 */
const signInCodes = new Map([
  ['800001', 'the partner token is missing from the request context'],
  [
    '900420',
    "the token's audience is not accepted; the app must ask for https://api.partnercenter.microsoft.com",
  ],
  [
    '900421',
    'the token proves no multi-factor authentication; sign the service user in again with MFA (usage-snapshots login)',
  ],
  [
    '900329',
    'app-only tokens are not accepted for usage; sign a service user in (usage-snapshots login)',
  ],
  ['900309', 'a Conditional Access policy blocks the service user'],
  ['90000', 'Microsoft Entra refused to issue the token'],
]);

const refusalHints = new Map([
  ['1000', 'not found'],
  ['1002', 'authorization failed'],
  ['2032', 'access denied'],
  ['20002', 'no commerce relationship with this customer'],
  ['20003', 'subscription not found'],
  [noUsageCode, 'refused, by the text of the answer'],
  ['60003', 'customer tenant not found'],
  ['900150', "the service user's role lacks the right"],
  ['900308', 'insufficient privileges'],
]);

/** A bad input; for a continuation request it may mean the end of the list. */
const endOfListCode = '2000';

/**
 * Transient statuses besides 5xx: request timeout, conflict, locked, failed dependency, too early,
 * too many requests (IANA: HTTP status code registry).
 */
const passingStatuses = new Set([408, 409, 423, 424, 425, 429]);

/** Whether the answer to a continuation request says that the list has ended. */
export function isEndOfList(response: HttpResponse): boolean {
  return response.status === 400 && readErrorBody(response).code === endOfListCode;
}

/** Whether a new access token may help against a 401. */
export function isTokenExpired(response: HttpResponse): boolean {
  return response.status === 401 && !signInCodes.has(readErrorBody(response).code ?? '');
}

/**
 * Turns any answer other than a 200 into an error of the class for what a run does about it. This
 * is the only place where a status becomes an error.
 */
export function errorOfResponse(
  response: HttpResponse,
  level: CallLevel,
  facts: RequestFacts,
  nowMs: number,
): RequestError {
  const { status } = response;
  const body = readErrorBody(response);
  const code = body.code ?? `HTTP_${status}`;
  const say = (meaning: string) =>
    `${facts.method} ${facts.path} answered ${status}` +
    `${body.code === undefined ? '' : ` (code ${body.code})`}: ${meaning}`;
  const all = { ...facts, status };

  const signInProblem = signInCodes.get(body.code ?? '');
  if (status === 401 || (status === 403 && signInProblem)) {
    return new UnauthorizedError(code, say(signInProblem ?? 'a new access token is no cure'), all);
  }
  // The pause that a 429 asks for is for all requests: the gate waits for it.
  const retryAfterMs = status === 429 ? undefined : retryAfterOf(response.headers, nowMs);
  if (passingStatuses.has(status) || status >= 500 || (status >= 200 && status < 300)) {
    const meaning = status < 300 ? 'not ready, expected 200 with a body' : 'try again later';
    return new RetriableError(code, say(meaning), all, { retryAfterMs });
  }
  if (body.isCutOff) {
    const meaning = 'its body is said to be JSON and cannot be read';
    return new RetriableError('NOT_JSON', say(meaning), all, { retryAfterMs });
  }
  if (status === 400 && body.isHtml) {
    const meaning = 'its body is HTML, so it came from something in front of the API';
    return new RetriableError('NOT_JSON', say(meaning), all, { retryAfterMs });
  }
  if (isRefusal(status, body)) {
    const hint = refusalHints.get(body.code ?? '') ?? (status === 403 ? 'refused' : 'not found');
    const cure = level === 'partner' ? '; the service user needs the Admin agent role' : '';
    return new RefusedError(code, say(hint + cure), all);
  }
  return new UnreadableError(code, say('expected 200'), all);
}

function isRefusal(status: number, body: ErrorBody): boolean {
  if (status === 403 || status === 410) return true;
  // The meaning of this code depends on its text, with either status.
  if (body.code === noUsageCode) return isRefusalByText(body) && (status === 400 || status === 404);
  return status === 404;
}
