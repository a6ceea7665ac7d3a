import type { PartnerCenterClient } from '../app.ts';
import { RequestError } from '../errors.ts';

/** Partner Center: error codes; the token has no claim of multi-factor authentication. */
const mfaMissingCode = '900421';

/** What Partner Center says of the sign-in. */
export interface MfaCompliance {
  /** `undefined` where it does not say. */
  isCompliant?: boolean | undefined;
  /** What the call failed with. */
  error?: unknown;
}

/** Asks Partner Center. Where it refuses the call for want of MFA, it has said so. */
export async function askMfaCompliance(partnerCenter: PartnerCenterClient): Promise<MfaCompliance> {
  try {
    return { isCompliant: await partnerCenter.getMfaCompliance() };
  } catch (error) {
    const isMissing = error instanceof RequestError && error.code === mfaMissingCode;
    return { error, ...(isMissing && { isCompliant: false }) };
  }
}
