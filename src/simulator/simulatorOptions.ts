import type { Faults } from './faults.ts';
import type { Quirks } from './quirks.ts';
import type { SignInOptions } from './signInOptions.ts';

/** An answer that is served as it is. */
export interface Override {
  status: number;
  /** Names in lower case; a JSON content type by default. */
  headers?: Record<string, string>;
  body: string | Buffer;
}

export interface SimulatorOptions {
  /** Everything hangs on it: customers, costs, failures. Default 1. */
  seed?: number;
  /** Default 20, in which each kind of customer is found. */
  customers?: number;
  /** Everybody has usage then, of so many subscriptions or plans; by default it is a mixture. */
  subscriptionsPerCustomer?: number;
  /** Milliseconds since the epoch; default `Date.now`. */
  clock?: { now(): number };
  /** A GUID; by the seed where absent. */
  partnerTenantId?: string;
  quirks?: Quirks;
  faults?: Faults;
  signIn?: SignInOptions;
  /**
   * Exact answers by path, with query or without (`/v1/usagesummary`), in the case in which it is
   * asked for. They go before everything else, tokens and faults included.
   */
  overrides?: Record<string, Override>;
  /** Mean time that an API answer takes, uniform between half and one and a half. Default 0. */
  latencyMs?: number;
  /** Requests that the log keeps at least. Default 1000; 0 for no log. */
  logLimit?: number;
}
