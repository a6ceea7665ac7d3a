import { refreshTokenGrant } from 'openid-client';
import { FatalError, messageOf, RetriableError } from '../errors.ts';
import { type RetryPolicy, withRetry } from '../network/retry.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import {
  ageOf,
  noRefreshToken,
  ReadOnlyStoreError,
  type RefreshTokenAge,
  type RefreshTokenStore,
  type StoredRefreshToken,
} from './refreshTokenStore.ts';
import { createSingleFlight } from './singleFlight.ts';
import { createTokenEndpoint, type TokenEndpointOptions } from './tokenEndpoint.ts';

/** The service user's right to call Partner Center. */
export interface Credential {
  /**
   * An access token. It is kept, and renewed before it expires.
   *
   * @throws FatalError where sign-in is refused, or the sign-in host fails at all tries
   */
  getToken(signal?: AbortSignal): Promise<string>;
  /**
   * The access token to use after `staleToken` was answered by 401: a new one, or the one that was
   * obtained since. It is `staleToken` itself where that replaced a refused one less than a minute
   * ago: a new one does not help then, and every customer may get a 401. Throws as `getToken`.
   */
  renewToken(staleToken: string, signal?: AbortSignal): Promise<string>;
  /** POSTs sent to the token endpoint, retries included. */
  readonly tokenRequests: number;
  /** Age of the stored refresh token; `undefined` before it was read, or where it is not known. */
  readonly refreshTokenAgeDays: number | undefined;
}

export interface CredentialOptions extends TokenEndpointOptions {
  store: RefreshTokenStore;
  events: EventLog;
  /** Uniform in [0, 1). */
  random: () => number;
  scope?: string;
  retryPolicy?: RetryPolicy;
}

/**
 * The right to call Partner Center as the signed-in user, and a new refresh token with each access
 * token. The same for every cloud and every overridden API base (Partner Center: authentication).
 */
export const partnerCenterScope = 'https://api.partnercenter.microsoft.com/.default offline_access';

/**
 * A credential by the secure application model: an app with its own proof, and the refresh token of
 * a service user who signed in with MFA. The refresh token is replaced on each renewal, as each
 * expires 90 days after it was issued, used or not (Microsoft Entra: refresh tokens).
 */
export function createCredential(options: CredentialOptions): Credential {
  return new AppAndUserCredential(options);
}

interface AccessToken {
  token: string;
  /** After this it is renewed on the next request; milliseconds since the epoch. */
  renewAt: number;
  /** Until this it may still be used where the renewal fails. */
  usableUntil: number;
}

/** The newest refresh token, where it could not be stored. */
interface UnsavedRefreshToken {
  token: string;
  /** The token in the store, which is to be replaced. */
  stored: StoredRefreshToken;
}

const earliestRenewalMs = 5 * 60_000;
/** Partner Center's own SDK takes a token for expired so long before its end. */
const expiryMarginMs = 30_000;
/** Shortest time between two renewals because of refused tokens. */
const refusedRenewalPauseMs = 60_000;
/** Between two attempts to renew a token that is still valid. */
const renewalPauseMs = 30_000;
/** The shortest lifetime an administrator can configure (Microsoft Entra: token lifetimes). */
const unknownLifetimeSeconds = 600;

class AppAndUserCredential implements Credential {
  readonly #options: CredentialOptions;
  readonly #endpoint: ReturnType<typeof createTokenEndpoint>;
  readonly #renewOnce = createSingleFlight((signal) => this.#renewPatiently(signal));
  #access: AccessToken | undefined;
  #renewedAsRefusedAt = Number.NEGATIVE_INFINITY;
  #unsaved: UnsavedRefreshToken | undefined;
  #storedAt: number | undefined;
  #hasReportedReadOnly = false;

  constructor(options: CredentialOptions) {
    this.#options = options;
    this.#endpoint = createTokenEndpoint(options);
  }

  get tokenRequests(): number {
    return this.#endpoint.requests;
  }

  get refreshTokenAgeDays(): number | undefined {
    return ageOf({ storedAt: this.#storedAt }, this.#options.clock.now())?.days;
  }

  async getToken(signal?: AbortSignal): Promise<string> {
    const access = this.#access;
    if (access && this.#options.clock.now() < access.renewAt) return access.token;
    return await this.#renewOnce(signal);
  }

  async renewToken(staleToken: string, signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const access = this.#access;
    if (access?.token === staleToken) {
      const now = this.#options.clock.now();
      if (now - this.#renewedAsRefusedAt < refusedRenewalPauseMs) return staleToken;
      this.#renewedAsRefusedAt = now;
      this.#access = undefined;
    }
    return await this.getToken(signal);
  }

  /** Retries while there is no usable token. */
  async #renewPatiently(signal: AbortSignal): Promise<string> {
    const { clock, random, retryPolicy: policy } = this.#options;
    const attempt = async () => {
      try {
        return await this.#renew(signal);
      } catch (error) {
        const usable = error instanceof RetriableError && this.#postponeRenewal(error);
        if (usable) return usable;
        throw error;
      }
    };
    try {
      return await withRetry(attempt, { clock, random, signal, ...(policy && { policy }) });
    } catch (error) {
      if (!(error instanceof RetriableError)) throw error;
      // Without a token every request would fail: the run stops, and a later one continues.
      const message = `${error.message}; given up`;
      throw new FatalError(error.code, message, error.facts, { cause: error });
    }
  }

  /** The present token, if it is still valid after a failed renewal. */
  #postponeRenewal(error: RetriableError): string | undefined {
    const access = this.#access;
    const now = this.#options.clock.now();
    if (!access || now >= access.usableUntil) return undefined;
    const pauseMs = Math.max(renewalPauseMs, error.retryAfterMs ?? 0);
    access.renewAt = Math.min(now + pauseMs, access.usableUntil);
    return access.token;
  }

  async #renew(signal: AbortSignal): Promise<string> {
    const { clock, scope = partnerCenterScope } = this.#options;
    const held = await this.#heldRefreshToken();
    const requestedAt = clock.now();
    const refresh = this.#endpoint.request(
      (configuration) => refreshTokenGrant(configuration, held.token, { scope }),
      signal,
    );
    const answer = await refresh.catch((error: unknown) => {
      // Refused for good: a new sign-in writes to the store, so the store is read next.
      if (error instanceof FatalError) this.#unsaved = undefined;
      throw error;
    });
    const lifetimeMs = (answer.expires_in ?? unknownLifetimeSeconds) * 1000;
    this.#access = {
      token: answer.access_token,
      renewAt: requestedAt + lifetimeMs - Math.min(earliestRenewalMs, lifetimeMs / 5),
      usableUntil: requestedAt + lifetimeMs - expiryMarginMs,
    };
    await this.#keepRefreshToken(answer.refresh_token, held);
    return answer.access_token;
  }

  /** The newest token: the unsaved one, unless there was another sign-in since. */
  async #heldRefreshToken(): Promise<UnsavedRefreshToken> {
    const unsaved = this.#unsaved;
    let stored: StoredRefreshToken | undefined;
    try {
      stored = await this.#options.store.get();
      this.#storedAt = stored?.storedAt;
    } catch (error) {
      if (unsaved && error instanceof RetriableError) return unsaved;
      throw error;
    }
    if (unsaved && (!stored || stored.token === unsaved.stored.token)) return unsaved;
    this.#unsaved = undefined;
    if (!stored) throw noRefreshToken();
    return { token: stored.token, stored };
  }

  async #keepRefreshToken(token: string | undefined, held: UnsavedRefreshToken): Promise<void> {
    const { store, events, clock } = this.#options;
    const { stored } = held;
    const age = ageOf(stored, clock.now());
    const ageDays = age?.days;
    if (token === undefined || token === stored.token) {
      const error = `the sign-in host sent no new refresh token${warnOfAge(age)}`;
      events.emit('credential.refreshToken.notStored', { error, ageDays });
      return;
    }
    this.#unsaved = { token, stored };
    try {
      await store.set(token);
      this.#unsaved = undefined;
      this.#storedAt = clock.now();
      events.emit('credential.refreshToken.rotated', { ageDays });
    } catch (error) {
      if (error instanceof ReadOnlyStoreError) {
        if (this.#hasReportedReadOnly) return;
        this.#hasReportedReadOnly = true;
      }
      const text = [token, held.token].reduce(
        (message, secret) => message.replaceAll(secret, '[redacted]'),
        messageOf(error) + warnOfAge(age),
      );
      events.emit('credential.refreshToken.notStored', { error: text, ageDays });
    }
  }
}

function warnOfAge(age: RefreshTokenAge | undefined): string {
  if (!age?.isOld) return '';
  return `; the stored token is ${Math.floor(age.days)} days old and dies after 90, used or not`;
}
