import { ApiPausedError, messageOf, RetriableError, UnreadableError } from '../errors.ts';
import { quote } from '../text.ts';
import type { MfaCompliance } from './mfaCompliance.ts';

/** What is known of the multi-factor authentication of a sign-in that may be stored. */
export interface MfaFinding {
  /** `undefined` where neither Partner Center nor the token says. */
  hasMfa: boolean | undefined;
  /** As Partner Center says, `undefined` where it does not. */
  isCompliant: boolean | undefined;
  /** Why Partner Center does not say. */
  doubt?: string;
}

/**
 * Whether a sign-in may take the place of the one that is stored. Partner Center's own word counts;
 * where it says nothing, `amr` does; where that cannot be read, nothing is known, and that is no
 * failure (Partner Center: `isMfaCompliant`, code 900421; Microsoft Entra: access tokens).
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
