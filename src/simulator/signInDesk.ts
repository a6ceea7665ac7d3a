import type { SimulatorAnswer, SimulatorRequest } from './exchange.ts';
import { hash, topics, unit } from './random.ts';
import { answerToken, issueRefreshToken, type SignInHost, signInTroubleAnswer } from './signIn.ts';
import type { SignInOptions } from './signInOptions.ts';

/** Troubles on end, after which a renewal is spared. */
const mostTroubles = 2;

/** The token endpoint with its counters. */
export interface SignInDesk {
  issueRefreshToken(): string;
  answer(request: TokenRequest): SimulatorAnswer;
}

interface TokenRequest {
  request: SimulatorRequest;
  /** As in the path. */
  tenant: string;
  options: SignInOptions;
  /** Part of the requests that meet trouble. */
  troubleRate: number;
  onTrouble(): void;
}

export function createSignInDesk(
  parts: Pick<SignInHost, 'seed' | 'tenantId' | 'mint' | 'clock'>,
): SignInDesk {
  let tokens = 0;
  let requests = 0;
  let troubles = 0;
  const hostWith = (options: SignInOptions): SignInHost => ({
    ...parts,
    options,
    nextSerial: () => ++tokens,
  });
  return {
    issueRefreshToken: () => issueRefreshToken(hostWith({})),
    answer({ request, tenant, options, troubleRate, onTrouble }) {
      requests += 1;
      const isTrouble = unit(parts.seed, topics.signInTrouble, requests) < troubleRate;
      if (!isTrouble || troubles >= mostTroubles) {
        troubles = 0;
        return answerToken(hostWith(options), tenant, request);
      }
      troubles += 1;
      onTrouble();
      const kind = hash(parts.seed, topics.signInTrouble, requests, 1);
      return signInTroubleAnswer(hostWith(options), kind);
    },
  };
}
