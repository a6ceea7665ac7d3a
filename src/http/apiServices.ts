import type { HistoryContext } from '../history/historyContext.ts';
import type { ApiRequest } from './apiRequest.ts';

/** Services that the API uses. */
export interface ApiServices {
  /** Whether the caller may see data. */
  isAllowed(request: ApiRequest): boolean;
  /** @throws ConfigurationError where settings cannot be used */
  openHistory(): Promise<HistoryContext>;
  /** The names of settings that cannot be used. */
  listBadSettings(): readonly string[];
  /** Receives errors that are not shown to the caller. */
  onError(error: unknown): void;
  /** Milliseconds since the epoch. */
  now(): number;
}
