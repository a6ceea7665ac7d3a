import type { Faults } from './faults.ts';
import type { Quirks } from './quirks.ts';
import type { SignInOptions } from './signInOptions.ts';

/** A fixed answer. */
export interface Override {
  status: number;
  /** Names in lower case; a JSON content type by default. */
  headers?: Record<string, string>;
  body: string | Buffer;
}

export interface SimulatorOptions {
  /** Determines customers, costs and failures. Default 1. */
  seed?: number;
  /** Default 20, which include every kind of customer. */
  customers?: number;
  /** Gives every customer usage with so many subscriptions or plans; by default a mixture. */
  subscriptionsPerCustomer?: number;
  /**
   * Gives every Azure plan so many resources, 1 or more; by default 5 to 60. All of them have a
   * record at the end of a billing period; those made in its course have none before.
   */
  resourcesPerPlan?: number;
  /** Milliseconds since the epoch; default `Date.now`. */
  clock?: { now(): number };
  /** A GUID; by the seed where absent. */
  partnerTenantId?: string;
  quirks?: Quirks;
  faults?: Faults;
  signIn?: SignInOptions;
  /**
   * Fixed answers by path, with query or without (`/v1/usagesummary`), case-sensitive. They take
   * precedence over everything else, including tokens and faults.
   */
  overrides?: Record<string, Override>;
  /** Mean time that an API answer takes, uniform between half and one and a half. Default 0. */
  latencyMs?: number;
  /** Minimum of requests that the log keeps. Default 1000; 0 for no log. */
  logLimit?: number;
}
