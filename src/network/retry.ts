import type { Clock } from '../clock.ts';
import { RetriableError } from '../errors.ts';

/** How often and how long a request is tried. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  maxAttempts: number;
  /** Upper end of the first delay; it doubles with each try. */
  baseDelayMs: number;
  /** Upper end of any delay that no `Retry-After` asks for. */
  maxDelayMs: number;
  /** Maximum of all waits between tries together. */
  maxTotalWaitMs: number;
}

/** Long enough for a `Retry-After` of 15 minutes, which Partner Center was seen to send. */
export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 8,
  baseDelayMs: 500,
  maxDelayMs: 60_000,
  maxTotalWaitMs: 20 * 60_000,
};

export interface RetryOptions {
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  policy?: RetryPolicy;
  signal?: AbortSignal | undefined;
  /** Called before each wait. */
  onRetry?: (error: RetriableError, delayMs: number) => void;
}

/**
 * Delay before try `attempt + 1`: exponential with full jitter, and never less than what the answer
 * asked for. A wait that was asked for is extended by up to a random second, so that requests that
 * were rejected together are not repeated together; 0 means at once.
 *
 * @param attempt the try that failed, from 1
 * @param random uniform in [0, 1)
 */
export function computeRetryDelayMs(
  attempt: number,
  retryAfterMs: number | undefined,
  random: number,
  policy: RetryPolicy = defaultRetryPolicy,
): number {
  if (retryAfterMs !== undefined) {
    return retryAfterMs + Math.floor(random * Math.min(retryAfterMs, 1000));
  }
  const ceilingMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return Math.floor(random * ceilingMs);
}

/**
 * Runs `attempt` until it succeeds, fails for good, or the policy's tries or waiting time are used
 * up; then the last error is thrown as it is. Only {@link RetriableError} is tried again.
 */
export async function withRetry<T>(
  attempt: (attemptNumber: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { clock, random, policy = defaultRetryPolicy, signal, onRetry } = options;
  let waitedMs = 0;
  for (let attemptNumber = 1; ; attemptNumber++) {
    try {
      return await attempt(attemptNumber);
    } catch (error) {
      if (!(error instanceof RetriableError) || attemptNumber >= policy.maxAttempts) throw error;
      const delayMs = computeRetryDelayMs(attemptNumber, error.retryAfterMs, random(), policy);
      waitedMs += delayMs;
      if (waitedMs > policy.maxTotalWaitMs) throw error;
      onRetry?.(error, delayMs);
      await clock.sleep(delayMs, signal);
    }
  }
}
