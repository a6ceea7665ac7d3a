import {
  ApiPausedError,
  messageOf,
  RequestError,
  RetriableError,
  UnreadableError,
} from '../errors.ts';
import { quote } from '../text.ts';

/** Multi-factor authentication of a sign-in that may be stored. */
export interface MfaFinding {
  /** `undefined` where neither Partner Center nor the token says so. */
  hasMfa: boolean | undefined;
  /** As Partner Center says, `undefined` where it does not. */
  isCompliant: boolean | undefined;
  /** Why Partner Center does not say. */
  doubt?: string;
}

/** Partner Center: error codes; the token has no claim of multi-factor authentication. */
const mfaMissingCode = '900421';

/** Partner Center's answer about the sign-in. */
export interface MfaCompliance {
  /** `undefined` where it does not say. */
  isCompliant?: boolean | undefined;
  /** The error of the call. */
  error?: unknown;
}

/** Asks Partner Center. A refusal because of missing MFA is an answer as well. */
export async function askMfaCompliance(partnerCenter: {
  getMfaCompliance(): Promise<boolean | undefined>;
}): Promise<MfaCompliance> {
  try {
    return { isCompliant: await partnerCenter.getMfaCompliance() };
  } catch (error) {
    const isMissing = error instanceof RequestError && error.code === mfaMissingCode;
    return { error, ...(isMissing && { isCompliant: false }) };
  }
}

/**
 * Whether a sign-in may replace the stored one. Partner Center's answer decides; without one, `amr`
 * does; where that cannot be read, MFA is unknown, which is accepted (Partner Center:
 * `isMfaCompliant`, code 900421; Microsoft Entra: access tokens).
 *
 * @param amr the authentication methods in the access token, where they can be read
 * @throws Error where MFA is missing, or Partner Center refuses the user
 */
export function judgeMfa(amr: string[] | undefined, compliance: MfaCompliance): MfaFinding {
  const { isCompliant, error } = compliance;
  const hasMfa = isCompliant ?? amr?.includes('mfa');
  if (hasMfa === false) throw missingMfa(amr, isCompliant);
  if (error === undefined) return { hasMfa, isCompliant };
  if ([RetriableError, UnreadableError, ApiPausedError].some((kind) => error instanceof kind)) {
    return { hasMfa, isCompliant, doubt: messageOf(error) };
  }
  throw new Error(`${messageOf(error)}; nothing was stored`, { cause: error });
}

function missingMfa(amr: string[] | undefined, isCompliant: boolean | undefined): Error {
  const whose = isCompliant === false ? 'Partner Center says' : 'the access token says';
  return new Error(
    `the sign-in was without multi-factor authentication (${whose} so` +
      `${amr ? `; amr: ${quote(amr.join(', '))}` : ''}), and nothing was stored. Have Microsoft Entra ask ` +
      'this user for it (security defaults, or a Conditional Access policy), and run ' +
      '`usage-snapshots login` again',
  );
}
