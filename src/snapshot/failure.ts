import { type ApiPausedError, FatalError, RequestError } from '../errors.ts';
import type { Failure, FailurePhase } from '../usage/usageSnapshot.ts';

/** Of the API: no usage data. */
export const noUsageDataCode = '3000';

/** 400 and 404 can also mean that there is no usage; otherwise they refuse. */
const refusalStatuses: readonly (number | undefined)[] = [400, 403, 404, 410];

/** Whether an answer with that status can have refused a resource (see `RefusedError`). */
export function isRefusalStatus(status: number | undefined): boolean {
  return refusalStatuses.includes(status);
}

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
  return describeFailure(phase, error);
}

export function describeFailure(
  phase: FailurePhase,
  error: RequestError | ApiPausedError,
): Failure {
  const { status, correlationId, requestId } = error instanceof RequestError ? error.facts : {};
  return {
    phase,
    ...(status !== undefined && { status }),
    code: error.code,
    message: error.message,
    ...(correlationId !== undefined && { correlationId }),
    ...(requestId !== undefined && { requestId }),
  };
}
