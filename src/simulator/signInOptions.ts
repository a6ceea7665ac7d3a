/** The audience that Partner Center accepts. */
export const apiAudience = 'https://api.partnercenter.microsoft.com';

/** The secret of the app, where no other is set. */
export const defaultClientSecret = 'of-the-simulator';

/** The behaviour of the sign-in host, and how the API treats its tokens. */
export interface SignInOptions {
  /** Checked where given; any other client is unknown. */
  clientId?: string;
  /** Any other is refused; by default `of-the-simulator`. Not needed with an assertion. */
  clientSecret?: string;
  /** Default 3600. */
  accessTokenLifetimeSeconds?: number;
  /** Access tokens that cannot be read; JSON Web Tokens by default. */
  isOpaque?: boolean;
  /** `amr` without `mfa`: the API answers 401 with code 900421, unless it does not enforce MFA. */
  isWithoutMfa?: boolean;
  /** Default true. If false, missing MFA shows only in the answer's header `isMfaCompliant`. */
  isMfaEnforced?: boolean;
  /** App-only tokens: the usage calls answer 403 with code 900329. */
  isAppOnly?: boolean;
  /** Tokens for another audience: the API answers 401 with code 900420. */
  hasWrongAudience?: boolean;
  /** Refuses every token request, as after a revocation: `{ error: 'invalid_grant', code: 50173 }`. */
  refusal?: SignInRefusal;
  /**
   * Sends users back from the sign-in page with an error: `{ error: 'access_denied', code: 65004 }`
   * where they decline consent, `{ error: 'interaction_required', code: 50076 }` where MFA is
   * missing.
   */
  authorizationRefusal?: SignInRefusal;
}

export interface SignInRefusal {
  error: string;
  /** The number after `AADSTS`. */
  code: number;
  text?: string;
}
