import { answerAuthorize } from './authorize.ts';
import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from './exchange.ts';
import { issueRefreshToken } from './issuedTokens.ts';
import { hash, topics, unit } from './random.ts';
import type { Route } from './route.ts';
import { answerDiscovery, answerToken, signInTroubleAnswer } from './signIn.ts';
import type { SignInHost } from './signInHost.ts';
import type { SignInOptions } from './signInOptions.ts';
import { publicKeySet } from './signingKey.ts';

/** After so many failures in a row a token request succeeds. */
const maxTroubles = 2;

/** The sign-in host with its counters. */
export interface SignInDesk {
  issueRefreshToken(): string;
  answer(request: SignInRequest): SimulatorAnswer;
}

interface SignInRequest {
  request: SimulatorRequest;
  route: Route;
  options: SignInOptions;
  /** Part of the token requests that fail. */
  troubleRate: number;
  onTrouble(): void;
}

export function createSignInDesk(
  parts: Pick<SignInHost, 'seed' | 'tenantId' | 'mint' | 'clock'>,
): SignInDesk {
  let tokens = 0;
  let requests = 0;
  let troubles = 0;
  const redeemedCodes = new Set<number>();
  const hostWith = (options: SignInOptions): SignInHost => ({
    ...parts,
    options,
    nextSerial: () => ++tokens,
    redeemedCodes,
  });
  return {
    issueRefreshToken: () => issueRefreshToken(hostWith({})),
    answer({ request, route, options, troubleRate, onTrouble }) {
      const { kind, tenant, query } = route;
      if (kind === 'discovery') return answerDiscovery(tenant, request);
      if (kind === 'keys') return jsonAnswer(200, publicKeySet());
      if (kind === 'authorize') return answerAuthorize(hostWith(options), tenant, query);
      requests += 1;
      const isTrouble = unit(parts.seed, topics.signInTrouble, requests) < troubleRate;
      if (!isTrouble || troubles >= maxTroubles) {
        troubles = 0;
        return answerToken(hostWith(options), route, request);
      }
      troubles += 1;
      onTrouble();
      const trouble = hash(parts.seed, topics.signInTrouble, requests, 1);
      return signInTroubleAnswer(hostWith(options), trouble);
    },
  };
}
