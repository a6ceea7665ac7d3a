import { FatalError } from '../errors.ts';

export interface StoredRefreshToken {
  token: string;
  /** When it was stored, in milliseconds since the epoch; absent where the store does not know. */
  storedAt?: number | undefined;
  /** Whether it is the initial one from the settings. */
  isFromSettings?: boolean;
}

/** The age of a stored token. */
export interface RefreshTokenAge {
  /** In hundredths. */
  days: number;
  /** A run replaces the token each time it signs in: an old one means that this fails. */
  isOld: boolean;
}

/** From this age on a stored token is near its end: it expires after 90 days, used or not. */
const oldAgeDays = 60;
const dayMs = 24 * 60 * 60_000;

/** `undefined` where the store does not know. */
export function ageOf(
  { storedAt }: Pick<StoredRefreshToken, 'storedAt'>,
  nowMs: number,
): RefreshTokenAge | undefined {
  if (storedAt === undefined) return undefined;
  const days = Math.max(0, Math.round(((nowMs - storedAt) / dayMs) * 100) / 100);
  return { days, isOld: days >= oldAgeDays };
}

/** Stores the refresh token between runs. Texts are trimmed; an empty one counts as absent. */
export interface RefreshTokenStore {
  get(): Promise<StoredRefreshToken | undefined>;
  /**
   * Replaces the token. The old one stays until the new one is stored.
   *
   * @throws ReadOnlyStoreError where nothing can be stored at all
   */
  set(token: string): Promise<void>;
}

/** The store cannot write: it only returns the token from the settings. */
export class ReadOnlyStoreError extends Error {
  readonly code = 'REFRESH_TOKEN_STORE_READ_ONLY';

  constructor() {
    super(
      'PARTNER_CENTER_REFRESH_TOKEN is read-only, so the renewed token is lost when the process ' +
        'ends; set KEY_VAULT_URI or PARTNER_CENTER_REFRESH_TOKEN_FILE to keep it',
    );
    this.name = 'ReadOnlyStoreError';
  }
}

/** A token from the settings, which cannot be written back. */
export function createReadOnlyRefreshTokenStore(token: string): RefreshTokenStore {
  const trimmed = token.trim();
  return {
    get: async () => (trimmed ? { token: trimmed, isFromSettings: true } : undefined),
    set: async () => {
      throw new ReadOnlyStoreError();
    },
  };
}

/** A store that returns `initialToken` while it is empty. */
export function startingFrom(initialToken: string, store: RefreshTokenStore): RefreshTokenStore {
  const initial = createReadOnlyRefreshTokenStore(initialToken);
  return {
    get: async () => (await store.get()) ?? (await initial.get()),
    set: (token) => store.set(token),
  };
}

/** There was no sign-in yet, or the store was emptied. */
export function noRefreshToken(): FatalError {
  return new FatalError(
    'NO_REFRESH_TOKEN',
    'no refresh token is stored: sign in with `usage-snapshots login`, which writes it to ' +
      'KEY_VAULT_URI or PARTNER_CENTER_REFRESH_TOKEN_FILE, or set PARTNER_CENTER_REFRESH_TOKEN',
  );
}
