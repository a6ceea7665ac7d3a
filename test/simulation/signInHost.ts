import { RetriableError } from '../../src/errors.ts';
import { createSecretAuthentication } from '../../src/sign-in/clientAuthentication.ts';
import { type Credential, createCredential } from '../../src/sign-in/credential.ts';
import type { RefreshTokenStore } from '../../src/sign-in/refreshTokenStore.ts';
import type { Fetch } from '../../src/sign-in/tokenEndpoint.ts';
import type { EventLog } from '../../src/telemetry/eventLog.ts';
import { inProcessUrl } from '../support/inProcessPartner.ts';
import type { Dice } from './dice.ts';
import type { Lifeline } from './lifeline.ts';
import { clientSecret, type World } from './world.ts';

export interface CredentialParts {
  world: World;
  lifeline: Lifeline;
  name: string;
  dice: Dice;
  events: EventLog;
}

/** The product's own credential, as one process has it. */
export function createWatchedCredential(parts: CredentialParts): Credential {
  const { world, lifeline, dice, events } = parts;
  const work = new WorkUnderWay(world);
  const clock = {
    ...lifeline.clock,
    sleep: (delayMs: number, signal?: AbortSignal) => {
      work.isWaiting();
      return lifeline.clock.sleep(delayMs, signal);
    },
  };
  const credential = createCredential({
    authorityHost: inProcessUrl,
    tenantId: world.simulator.partnerTenantId,
    clientId: 'app',
    clientAuthentication: createSecretAuthentication(clientSecret),
    fetch: createFetch(parts, work),
    store: createTokenStore(parts, work),
    clock,
    events,
    random: dice.fork().next,
  });
  return {
    getToken: (signal) => work.during(() => credential.getToken(signal)),
    renewToken: (stale, signal) => work.during(() => credential.renewToken(stale, signal)),
    get tokenRequests() {
      return credential.tokenRequests;
    },
    get refreshTokenAgeDays() {
      return credential.refreshTokenAgeDays;
    },
  };
}

/**
 * Reading an answer may take the event loop more than a turn: as long as it goes on, virtual time
 * stands still.
 */
class WorkUnderWay {
  readonly #world: World;
  #callers = 0;
  #release: (() => void) | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** The sign-in host has answered; where nobody waits any more there is little to be done. */
  begins(): void {
    if (this.#callers > 0) this.#release ??= this.#world.clock.hold();
  }

  /** The credential waits for its surroundings again. */
  isWaiting(): void {
    this.#release?.();
    this.#release = undefined;
  }

  async during(ask: () => Promise<string>): Promise<string> {
    this.#callers++;
    try {
      return await ask();
    } finally {
      if (--this.#callers === 0) this.isWaiting();
    }
  }
}

function createFetch({ world, lifeline, name, dice }: CredentialParts, work: WorkUnderWay): Fetch {
  const { simulator, clock, trace, signInLatencyMs } = world;
  return async (url, { body, signal }) => {
    work.isWaiting();
    const path = new URL(url).pathname;
    const answer = await lifeline.pass('signIn', async () => {
      trace.step(clock.now(), name, 'POST', path);
      trace.count('requests');
      const given = simulator.handle({ method: 'POST', path, headers: {}, body });
      if (signInLatencyMs > 0) await clock.sleep(signInLatencyMs, signal);
      if (dice.chance(world.signInLosses)) {
        trace.count('api.signInLost');
        const cause = Object.assign(new Error('simulated'), { code: 'ECONNRESET' });
        throw new TypeError('fetch failed', { cause });
      }
      return given;
    });
    work.begins();
    return {
      status: answer.status,
      headers: { get: (header) => answer.headers[header] ?? null },
      text: async () => String(answer.body),
    };
  };
}

function createTokenStore(
  { world, lifeline, dice, name }: CredentialParts,
  work: WorkUnderWay,
): RefreshTokenStore {
  const { clock, trace } = world;
  const call = async <T>(act: () => T): Promise<T> => {
    const isTroubled = dice.chance(world.tokenStoreTrouble);
    const isLost = isTroubled && dice.chance(0.5);
    await clock.sleep(dice.int(0, 50));
    if (isTroubled) trace.count('storage.tokenStore');
    if (isTroubled && !isLost) throw new RetriableError('HTTP_503', 'simulated: the vault is busy');
    const result = act();
    if (isLost) throw new RetriableError('ETIMEDOUT', 'simulated: the vault did not answer');
    return result;
  };
  const store: RefreshTokenStore = {
    get: () => lifeline.pass('tokenStore', () => call(() => world.refreshToken)),
    set: (token) =>
      lifeline.pass('tokenStore', () =>
        call(() => {
          trace.step(clock.now(), name, 'stored a refresh token');
          trace.count('rotations');
          world.refreshToken = { token, storedAt: clock.now() };
        }),
      ),
  };
  return {
    get: () => {
      work.isWaiting();
      return store.get();
    },
    set: (token) => {
      work.isWaiting();
      return store.set(token);
    },
  };
}
