import type { HistoryContext } from '../history/historyContext.ts';
import type { ApiRequest } from './apiRequest.ts';

/** What the API works with. */
export interface ApiServices {
  /** Whether whoever asks may see data. */
  isAllowed(request: ApiRequest): boolean;
  /** @throws ConfigurationError where settings cannot be used */
  openHistory(): Promise<HistoryContext>;
  /** The names of settings that cannot be used. */
  listBadSettings(): readonly string[];
  /** Takes what the caller is not told. */
  onError(error: unknown): void;
  /** Milliseconds since the epoch. */
  now(): number;
}
