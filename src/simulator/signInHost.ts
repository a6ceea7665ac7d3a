import type { SignInOptions } from './signInOptions.ts';
import type { TokenMint } from './token.ts';

/** The state of the sign-in host for one request. */
export interface SignInHost {
  seed: number;
  tenantId: string;
  mint: TokenMint;
  clock: { now(): number };
  options: SignInOptions;
  /** The number of the next token. */
  nextSerial(): number;
  /** Serials of redeemed authorization codes, which are valid once. */
  redeemedCodes: Set<number>;
}
