import {
  calculatePKCECodeChallenge,
  genericGrantRequest,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { FatalError } from '../errors.ts';
import { type RetryPolicy, withRetry } from '../network/retry.ts';
import { partnerCenterScope } from './credential.ts';
import { errorOfSignInRedirect } from './signInError.ts';
import { createTokenEndpoint, type TokenEndpointOptions } from './tokenEndpoint.ts';

export interface AuthorizationCodeOptions extends TokenEndpointOptions {
  /** Uniform in [0, 1). */
  random: () => number;
}

/** Sign-ins of a user in a browser (Microsoft Entra: authorization code flow, with PKCE). */
export interface AuthorizationCodeFlow {
  /** @param redirectUri where the browser brings the code: `http://localhost:50123` */
  begin(redirectUri: string): Promise<PendingSignIn>;
}

/** A sign-in that waits for its user. */
export interface PendingSignIn {
  /** Where the user signs in. It holds no secret. */
  readonly url: string;
  /** The `state` of the redirect's query; another value belongs to another sign-in. */
  readonly state: string;
  /**
   * Turns the query of the redirect into tokens.
   *
   * @throws FatalError where the user or the sign-in host has refused
   * @throws RetriableError where the sign-in host fails at all tries
   */
  redeem(query: URLSearchParams, signal: AbortSignal): Promise<SignInTokens>;
}

export interface SignInTokens {
  accessToken: string;
  refreshToken: string;
}

/** Short, as a user waits, and a code is valid for ten minutes. */
const retryPolicy: RetryPolicy = {
  maxAttempts: 5,
  baseDelayMs: 500,
  maxDelayMs: 5_000,
  maxTotalWaitMs: 30_000,
};

export function createAuthorizationCodeFlow(
  options: AuthorizationCodeOptions,
): AuthorizationCodeFlow {
  const { clock, random, authorityHost, tenantId } = options;
  const endpoint = createTokenEndpoint(options);
  const page = {
    method: 'GET',
    path: new URL(`${authorityHost}/${tenantId}/oauth2/v2.0/authorize`).pathname,
  };
  return {
    async begin(redirectUri) {
      const verifier = randomPKCECodeVerifier();
      const state = randomState();
      const challenge = await calculatePKCECodeChallenge(verifier);
      return {
        url: endpoint.buildAuthorizationUrl(describeRequest(redirectUri, state, challenge)).href,
        state,
        async redeem(query, signal) {
          const code = query.get('code');
          if (query.has('error') || !code) throw errorOfSignInRedirect(query, page);
          const grant = { code, redirect_uri: redirectUri, code_verifier: verifier };
          const answer = await withRetry(
            () =>
              endpoint.request(
                // Not openid-client's own grant: that one takes the redirect URI from the request
                // of the browser, with a slash that was not in ours.
                (configuration) =>
                  genericGrantRequest(configuration, 'authorization_code', {
                    ...grant,
                    scope: partnerCenterScope,
                  }),
                signal,
              ),
            { clock, random, signal, policy: retryPolicy },
          );
          if (answer.refresh_token === undefined) throw noOfflineAccess();
          return { accessToken: answer.access_token, refreshToken: answer.refresh_token };
        },
      };
    },
  };
}

/**
 * `prompt=login`: an existing session of this browser is not used, as it may be another user's or
 * without MFA (Microsoft Entra: authorization code flow, `prompt`).
 */
function describeRequest(redirectUri: string, state: string, challenge: string) {
  return {
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri,
    scope: partnerCenterScope,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    prompt: 'login',
  };
}

function noOfflineAccess(): FatalError {
  return new FatalError(
    'NO_REFRESH_TOKEN',
    'the sign-in host gave no refresh token: the app needs the consent to offline_access',
  );
}
