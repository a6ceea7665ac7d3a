import type { PipelineRequest } from '@azure/core-rest-pipeline';
import { onAbort } from './onAbort.ts';

/** A time limit of a request of the SDK. */
export interface TimeLimit {
  /** Rejects once the time is over, or the caller has ended the request. */
  ended: Promise<never>;
  /** Whether the time is over; not where the caller ended the request. */
  isOver(): boolean;
  /** Restarts the time. */
  extend(): void;
  /** Removes timer and listener. */
  release(): void;
}

/** Gives the request a signal that aborts after a time, or when its own one does. */
export function limitTime(request: PipelineRequest, limitMs: number): TimeLimit {
  const callerSignal = request.abortSignal;
  const controller = new AbortController();
  const { signal } = controller;
  const { promise: ended, reject } = Promise.withResolvers<never>();
  // Prevents an unhandled rejection where it is not awaited.
  ended.catch(() => {});
  const abort = () => {
    controller.abort();
    reject(signal.reason);
  };
  const timer = setTimeout(abort, limitMs);
  const releaseCaller = callerSignal && onAbort(callerSignal, abort);
  if (callerSignal?.aborted) abort();
  request.abortSignal = signal;
  return {
    ended,
    isOver: () => signal.aborted && callerSignal?.aborted !== true,
    extend: () => timer.refresh(),
    release() {
      clearTimeout(timer);
      releaseCaller?.();
    },
  };
}
