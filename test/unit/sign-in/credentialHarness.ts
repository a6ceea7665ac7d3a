import { inspect } from 'node:util';
import { expect } from 'vitest';
import type { RequestError } from '../../../src/errors.ts';
import { createSecretAuthentication } from '../../../src/sign-in/clientAuthentication.ts';
import { type CredentialOptions, createCredential } from '../../../src/sign-in/credential.ts';
import type {
  RefreshTokenStore,
  StoredRefreshToken,
} from '../../../src/sign-in/refreshTokenStore.ts';
import { createEventLog } from '../../../src/telemetry/eventLog.ts';
import { createInstantClock } from '../../support/instantClock.ts';
import { type Respond, startTokenHost } from './tokenHost.ts';

export const tenantId = '6a3b7c10-0000-4000-8000-00000000000a';
export const clientId = '6a3b7c10-0000-4000-8000-00000000000b';
export const dayMs = 24 * 60 * 60_000;

/** Found in no error and no event, whatever happens. */
const marks = [
  'Marked8Q~client-secret',
  'Marked-access',
  'Marked-refresh',
  'Marked-user@contoso.com',
];
export const [clientSecret = ''] = marks;

export const accessToken = (number: number) => `Marked-access-${number}`;
export const refreshToken = (number: number) => `Marked-refresh-${number}`;

/** As Entra answers: a new access token and a new refresh token each time. */
export const tokens: Respond = (_request, index) => ({
  json: {
    token_type: 'Bearer',
    expires_in: 3600,
    access_token: accessToken(index + 1),
    refresh_token: refreshToken(index + 1),
  },
});

export function entraError(status: number, body: Record<string, unknown>, headers = {}) {
  const trace = '00000000-0000-4000-8000-00000000000';
  const json = {
    error_description: `For Marked-user@contoso.com. ${refreshToken(0)}`,
    trace_id: `${trace}1`,
    correlation_id: `${trace}2`,
    ...body,
  };
  return { status, headers, json };
}

interface MemoryStore extends RefreshTokenStore {
  written: string[];
  stored: StoredRefreshToken | undefined;
  failure: Error | undefined;
}

function createMemoryStore(stored: StoredRefreshToken | undefined): MemoryStore {
  return {
    written: [],
    stored,
    failure: undefined,
    async get() {
      return this.stored;
    },
    async set(token) {
      if (this.failure) throw this.failure;
      this.written.push(token);
      this.stored = { token };
    },
  };
}

export async function startCredential(
  respond: Respond,
  overrides: Partial<CredentialOptions> = {},
) {
  const host = await startTokenHost(respond);
  const clock = createInstantClock();
  const lines: string[] = [];
  const store = createMemoryStore({ token: refreshToken(0), storedAt: clock.now() - 3 * dayMs });
  const credential = createCredential({
    authorityHost: host.url,
    tenantId,
    clientId,
    clientAuthentication: createSecretAuthentication(clientSecret),
    store,
    clock,
    random: () => 0.5,
    events: createEventLog((level, line) => lines.push(`${level} ${line}`)),
    ...overrides,
  });
  return {
    host,
    clock,
    store,
    credential,
    lines,
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** What a call is rejected with, having shown that no printed form of it holds a secret. */
export async function rejectionOf(promise: Promise<unknown>): Promise<RequestError> {
  const error = await promise.then(
    (value) => expect.unreachable(`expected a rejection, got ${value}`),
    (reason: unknown) => reason as RequestError,
  );
  expectNoSecret(inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error));
  return error;
}

function expectNoSecret(...texts: string[]) {
  for (const text of texts) {
    for (const mark of marks) expect(text).not.toContain(mark);
  }
}
