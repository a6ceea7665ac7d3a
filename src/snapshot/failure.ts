import { FatalError, RequestError } from '../errors.ts';
import type { Failure, FailurePhase } from '../usage/usageSnapshot.ts';

/** Of the API: no usage data. */
export const noUsageDataCode = '3000';

/**
 * Whether an error is the failure of one request, so that others can go on. A fatal one, an abort
 * and a defect are not.
 */
export function isOwnFailure(error: unknown): error is RequestError {
  return error instanceof RequestError && !(error instanceof FatalError);
}

/**
 * What a row and an event say of a request's failure.
 *
 * @throws the error itself where it is not a request's own (see {@link isOwnFailure})
 */
export function failureOf(phase: FailurePhase, error: unknown): Failure {
  if (!isOwnFailure(error)) throw error;
  const { status, correlationId, requestId } = error.facts;
  return {
    phase,
    ...(status !== undefined && { status }),
    code: error.code,
    message: error.message,
    ...(correlationId !== undefined && { correlationId }),
    ...(requestId !== undefined && { requestId }),
  };
}
