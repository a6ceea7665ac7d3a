import type { SignInOptions } from './signInOptions.ts';
import type { TokenMint } from './token.ts';

/** What the sign-in host knows when it is asked. */
export interface SignInHost {
  seed: number;
  tenantId: string;
  mint: TokenMint;
  clock: { now(): number };
  options: SignInOptions;
  /** The number of the next token. */
  nextSerial(): number;
  /** Numbers of the authorization codes that were redeemed: each is good once. */
  redeemedCodes: Set<number>;
}
