import * as z from 'zod';
import {
  FatalError,
  RefusedError,
  type RequestError,
  type RequestFacts,
  RetriableError,
  UnreadableError,
} from '../errors.ts';
import { withoutByteOrderMark } from '../usage/exactJson.ts';
import { parseRetryAfter } from './retryAfter.ts';
import type { HttpResponse } from './transport.ts';

/**
 * Whom a refusal concerns: calls on the whole partner (lists of customers) are refused because of
 * the sign-in, calls on one resource because of that resource.
 */
export type CallLevel = 'partner' | 'resource';

/**
 * Both shapes an error body has: `{code, description, source}` with a code that is a number on the
 * wire and a string in the documentation, and API management's `{statusCode, message}`.
 */
const errorBodySchema = z.object({
  // Anything longer is no code, and may quote somebody.
  code: z.union([z.number(), z.string().regex(/^[\w.-]{1,40}$/)]).optional(),
});

/** What the codes that stop a run mean, and the cure (Partner Center: error codes; MFA). */
const fatalCodes = new Map([
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
  ['60003', 'customer tenant not found'],
  ['900150', "the service user's role lacks the right"],
  ['900308', 'insufficient privileges'],
]);

/** The API's own code for "Customer does not have usage data", with HTTP 400 or 404. */
const noUsageDataCode = '3000';
/** A bad input; of a continuation request, the end of the list. */
const endOfListCode = '2000';

/** The `code` of an error body, as text; `undefined` where the body has none or is no JSON. */
function apiCodeOf(response: HttpResponse): string | undefined {
  try {
    const parsed = errorBodySchema.safeParse(JSON.parse(withoutByteOrderMark(response.body)));
    return parsed.data?.code === undefined ? undefined : String(parsed.data.code);
  } catch {
    // Empty, plain text or HTML: bodies of errors are not always JSON.
    return undefined;
  }
}

/**
 * Whether a body that is said to be JSON was cut off on its way: with it went the code, by which
 * alone a 404 for "no usage data" differs from one that refuses the customer.
 */
function isCutOff({ headers, body }: HttpResponse): boolean {
  if (body === '' || !/\bjson\b/i.test(String(headers['content-type']))) return false;
  try {
    JSON.parse(withoutByteOrderMark(body));
    return false;
  } catch {
    return true;
  }
}

/** Whether a summary's answer says that there is no usage. */
export function isNoUsageData(response: HttpResponse): boolean {
  return (
    (response.status === 400 || response.status === 404) && apiCodeOf(response) === noUsageDataCode
  );
}

/** Whether the answer to a continuation request says that the list has ended. */
export function isEndOfList(response: HttpResponse): boolean {
  return response.status === 400 && apiCodeOf(response) === endOfListCode;
}

/** Whether a 401 may be cured by a new access token. */
export function isTokenExpired(response: HttpResponse): boolean {
  return response.status === 401 && !fatalCodes.has(apiCodeOf(response) ?? '');
}

/**
 * Turns any answer other than a 200 into the error that says what to do about it. This is the one
 * place where a status becomes an error.
 */
export function errorOfResponse(
  response: HttpResponse,
  level: CallLevel,
  facts: RequestFacts,
  nowMs: number,
): RequestError {
  const { status } = response;
  const apiCode = apiCodeOf(response);
  const code = apiCode ?? `HTTP_${status}`;
  const say = (meaning: string) =>
    `${facts.method} ${facts.path} answered ${status}` +
    `${apiCode === undefined ? '' : ` (code ${apiCode})`}: ${meaning}`;
  const all = { ...facts, status };

  const fatal = fatalCodes.get(apiCode ?? '');
  if ((status === 401 || status === 403) && fatal) return new FatalError(code, say(fatal), all);
  if (status === 401) {
    return new FatalError(code, say('a new access token was refused as well'), all);
  }
  if (status === 408 || status === 429 || status >= 500 || (status >= 200 && status < 300)) {
    const meaning = status < 300 ? 'not ready, expected 200 with a body' : 'try again later';
    const retryAfterMs = parseRetryAfter(response.headers['retry-after'], nowMs);
    return new RetriableError(code, say(meaning), all, { retryAfterMs });
  }
  if (isCutOff(response)) {
    const meaning = 'its body is said to be JSON and cannot be read';
    return new RetriableError('NOT_JSON', say(meaning), all);
  }
  if (status === 403 || status === 404) {
    const hint = refusalHints.get(apiCode ?? '') ?? (status === 403 ? 'refused' : 'not found');
    if (level === 'resource') return new RefusedError(code, say(hint), all);
    return new FatalError(code, say(`${hint}; the service user needs the Admin agent role`), all);
  }
  return new UnreadableError(code, say('expected 200'), all);
}
