import type { Clock } from '../../src/clock.ts';
import { RetriableError } from '../../src/errors.ts';
import type { Transport } from '../../src/network/transport.ts';
import { createSecretAuthentication } from '../../src/sign-in/clientAuthentication.ts';
import { type Credential, createCredential } from '../../src/sign-in/credential.ts';
import type { RefreshTokenStore } from '../../src/sign-in/refreshTokenStore.ts';
import { defaultClientSecret } from '../../src/simulator/signInOptions.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import type { EventLog } from '../../src/telemetry/eventLog.ts';

/** Where the simulator stands when it is called without a network. */
export const inProcessUrl = 'http://127.0.0.1:1';

/** How long a client waits for an answer that does not come. */
const timeoutMs = 60_000;

/** A transport that calls the simulator directly, in the time of `clock`. */
export function createInProcessTransport(simulator: Simulator, clock: Clock): Transport {
  return async ({ url, headers, facts, signal }) => {
    signal?.throwIfAborted();
    const end = simulator.begin();
    try {
      const path = url.pathname + url.search;
      const answer = simulator.handle({ method: 'GET', path, headers });
      // Even an answer without delay comes later than it was asked for.
      await clock.sleep(answer.disruption === 'stall' ? timeoutMs : (answer.delayMs ?? 0), signal);
      if (answer.disruption === 'stall') throw disrupted('UND_ERR_HEADERS_TIMEOUT', facts);
      if (answer.disruption) throw disrupted('ECONNRESET', facts);
      return { status: answer.status, headers: answer.headers, body: String(answer.body) };
    } finally {
      end();
    }
  };
}

function disrupted(code: string, facts: RetriableError['facts']): RetriableError {
  return new RetriableError(code, `GET ${facts.path} got no whole answer (${code})`, facts);
}

/** The product's own credential, signing in at the simulator directly. */
export function createInProcessCredential(
  simulator: Simulator,
  options: { clock: Clock; events: EventLog; random: () => number; store: RefreshTokenStore },
): Credential {
  return createCredential({
    authorityHost: inProcessUrl,
    tenantId: simulator.partnerTenantId,
    clientId: 'app',
    clientAuthentication: createSecretAuthentication(defaultClientSecret),
    fetch: async (url, { body }) => {
      const path = new URL(url).pathname;
      const answer = simulator.handle({ method: 'POST', path, headers: {}, body });
      return new Response(String(answer.body), { status: answer.status, headers: answer.headers });
    },
    ...options,
  });
}

/** A store in memory that starts with the simulator's own refresh token. */
export function createMemoryRefreshTokenStore(token: string, clock: Clock): RefreshTokenStore {
  let stored = { token, storedAt: clock.now() };
  return {
    get: async () => stored,
    set: async (next) => {
      stored = { token: next, storedAt: clock.now() };
    },
  };
}
