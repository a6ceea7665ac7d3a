import * as z from 'zod';
import { FatalError, type RequestError, type RequestFacts, RetriableError } from '../errors.ts';
import { parseRetryAfter } from '../network/retryAfter.ts';
import { quote } from '../text.ts';

/** An answer of the sign-in host other than a token. */
export interface SignInAnswer {
  status: number;
  retryAfter: string | undefined;
  contentType: string | undefined;
  body: string;
}

/**
 * Microsoft Entra: error response. Only the code of the description is read, as the text may name
 * the user.
 */
const bodySchema = z.object({
  error: z.string(),
  suberror: z.string().optional().catch(undefined),
  error_codes: z.array(z.number()).optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  trace_id: z.string().optional().catch(undefined),
  correlation_id: z.string().optional().catch(undefined),
});

const signIn = 'sign in again with `usage-snapshots login`';
const secret = 'set PARTNER_CENTER_CLIENT_SECRET to';
const mfa = `the sign-in needs multi-factor authentication; ${signIn}`;
const policy = `a Conditional Access policy blocks the sign-in; let it pass the service user, and ${signIn}`;
const consent = `the app has no consent for Partner Center; ${signIn} and consent`;
const ids = 'check PARTNER_CENTER_TENANT_ID, PARTNER_CENTER_CLIENT_ID and PARTNER_CENTER_CLOUD';
const federation =
  "the app's federated credential does not trust this identity; check its issuer, subject and " +
  'audience, and that app and identity are in one tenant';

/** Meaning and cure of codes (Microsoft Entra: authentication and authorization error codes). */
const meanings = new Map<number | string, string>([
  [50020, `the user is not known in this tenant; ${signIn} as a user of the partner's own`],
  [50105, `the user is not assigned to the app; assign it to the enterprise application`],
  [54005, `the code of the sign-in was used already; ${signIn}`],
  [70000, `the refresh token, or the code of the sign-in, is not valid; ${signIn}`],
  [70008, `the refresh token, or the code of the sign-in, has expired; ${signIn}`],
  [70043, `the refresh token has expired by a sign-in frequency policy; ${signIn}`],
  [
    700007,
    'the refresh token was given to another app; set PARTNER_CENTER_CLIENT_ID to that app, or ' +
      signIn,
  ],
  [700082, `the refresh token was not replaced for 90 days; ${signIn}`],
  [50173, `the refresh token was revoked; ${signIn}`],
  [50132, `the session was revoked; ${signIn}`],
  [50133, `the session has ended with the password; ${signIn}`],
  [50055, `the service user's password has expired; renew it, and ${signIn}`],
  [50057, `the service user is disabled; enable it, and ${signIn}`],
  [50072, mfa],
  [50074, mfa],
  [50076, mfa],
  [50078, mfa],
  [50079, mfa],
  [50158, mfa],
  [53000, policy],
  [53001, policy],
  [53003, policy],
  [65001, consent],
  [65004, consent],
  [
    90094,
    'an administrator has to consent: in the app registration, API permissions, Grant admin consent',
  ],
  [
    500014,
    'Partner Center is disabled in this tenant; have an administrator enable the enterprise ' +
      'application Microsoft Partner Center, and see that no subscription it depends on has lapsed',
  ],
  [500011, `Partner Center is not known in this tenant; ${ids}`],
  [650057, 'the app registration lacks the API permission Microsoft Partner Center'],
  [700016, `the app is not known in this tenant; ${ids}`],
  [
    70011,
    'Partner Center is not known by this name where the sign-in was asked for; check ' +
      'PARTNER_CENTER_CLOUD and PARTNER_CENTER_AUTHORITY_HOST',
  ],
  [
    90013,
    'a value of the sign-in is malformed; look for missing or extra characters in ' +
      'PARTNER_CENTER_TENANT_ID, PARTNER_CENTER_CLIENT_ID and the proof of the app; where they are ' +
      `right it is the refresh token: ${signIn}`,
  ],
  [90002, `the tenant is not found; ${ids}`],
  [900023, `the tenant is not valid; ${ids}`],
  [7000112, 'the app is disabled in this tenant; enable its enterprise application'],
  [7000215, `the client secret is wrong; ${secret} its value, not its id`],
  [7000222, `the client secret has expired; ${secret} a new one`],
  [7000218, 'the request proves no app; set a client secret, certificate or assertion'],
  [
    700025,
    'the redirect URI belongs to the wrong platform; register http://localhost on the platform ' +
      'Web, not on Mobile and desktop applications, and allow no public client flows',
  ],
  [700024, 'the assertion is out of its time; set the clock of this machine right'],
  [
    700027,
    'the certificate is not accepted; upload the one in PARTNER_CENTER_CLIENT_CERTIFICATE_PATH ' +
      'to the app registration, and renew it where it has expired',
  ],
  [70021, federation],
  [700211, federation],
  [700212, federation],
  [700213, federation],
  [700222, federation],
  [700236, federation],
  ['invalid_grant', `the refresh token is not accepted; ${signIn}`],
  ['interaction_required', `the sign-in needs the user; ${signIn}`],
  ['consent_required', consent],
  ['access_denied', `the sign-in was declined; ${signIn} and consent`],
  ['invalid_client', 'the proof of the app is refused; check its secret, certificate or assertion'],
  ['unauthorized_client', `the app may not sign in like this; ${ids}`],
]);

/** Time-outs, unavailability and throttling within Microsoft Entra, with any status. */
const passing = new Set<number | string>([
  90012,
  90024,
  90033,
  90055,
  'server_error',
  'temporarily_unavailable',
]);

/**
 * The error for an answer of the sign-in host: a RetriableError where it is transient, otherwise a
 * FatalError that names the cure. It holds Entra's codes and ids, never its text.
 */
export function errorOfSignInAnswer(
  answer: SignInAnswer,
  request: RequestFacts,
  nowMs: number,
): RequestError {
  const { status } = answer;
  const refusal = readRefusal(parseJson(answer.body));
  const facts = { ...request, status, ...refusal?.ids };
  const code = refusal?.code ?? `HTTP_${status}`;
  const say = (meaning: string) =>
    `${request.method} ${request.path} answered ${status}` +
    `${refusal ? ` (${refusal.names})` : ''}: ${meaning}`;
  const isGarbled = status >= 400 && isJson(answer) && parseJson(answer.body) === undefined;
  const isBusy = status === 408 || status === 429 || status >= 500;
  if (isBusy || isGarbled || refusal?.keys.some((key) => passing.has(key))) {
    const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs);
    return new RetriableError(code, say('try again later'), facts, { retryAfterMs });
  }
  const fallback =
    'expected a token; check PARTNER_CENTER_AUTHORITY_HOST and the ids of tenant and app';
  return new FatalError(code, say(meaningOf(refusal) ?? fallback), facts);
}

const isJson = ({ contentType }: SignInAnswer) => /\bjson\b/i.test(contentType ?? '');

/**
 * The error for a redirect of the sign-in page without a code: the query has the fields of an error
 * (Microsoft Entra: authorization code flow, error response).
 */
export function errorOfSignInRedirect(query: URLSearchParams, request: RequestFacts): FatalError {
  const refusal = readRefusal(Object.fromEntries(query));
  const meaning = meaningOf(refusal) ?? `expected a code; ${signIn}`;
  const what = `${request.method} ${request.path} sent the user back without a code`;
  const message = `${what}${refusal ? ` (${refusal.names})` : ''}: ${meaning}`;
  return new FatalError(refusal?.code ?? 'NO_CODE', message, { ...request, ...refusal?.ids });
}

const meaningOf = (refusal: ReturnType<typeof readRefusal>) =>
  refusal?.keys.map((key) => meanings.get(key)).find((text) => text !== undefined);

/** Codes, most specific first, and the ids for a support case; `undefined` where there are none. */
function readRefusal(fields: unknown) {
  const parsed = bodySchema.safeParse(fields);
  if (!parsed.success) return undefined;
  const { error, suberror, error_codes, error_description, trace_id, correlation_id } = parsed.data;
  const described = /\bAADSTS(\d{4,9})\b/.exec(error_description ?? '')?.[1];
  const numbers = error_codes ?? (described === undefined ? [] : [Number(described)]);
  const oauth = [suberror ?? '', error].filter((word) => /^[a-z_]{1,40}$/.test(word));
  const codes = [...numbers.map((number) => `AADSTS${number}`), ...oauth];
  const [requestId, correlationId] = [trace_id, correlation_id].map(guidOnly);
  return {
    code: codes[0] ?? 'SIGN_IN_REFUSED',
    keys: [...numbers, ...oauth],
    names: quote(codes.join(', ')) || 'unknown error',
    ids: { ...(requestId && { requestId }), ...(correlationId && { correlationId }) },
  };
}

function guidOnly(text: string | undefined): string | undefined {
  return text !== undefined && /^[\da-f-]{36}$/i.test(text) ? text : undefined;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
