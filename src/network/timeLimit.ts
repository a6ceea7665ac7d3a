import type { PipelineRequest } from '@azure/core-rest-pipeline';

/** A time after which a request of the SDK ends. */
export interface TimeLimit {
  /** Rejects once the time is over, or the caller has ended the request. */
  ended: Promise<never>;
  /** Whether the time is over; not where the caller ended the request. */
  isOver(): boolean;
  /** Begins the time anew. */
  extend(): void;
  /** Leaves neither timer nor listener behind. */
  release(): void;
}

/** Gives the request a signal that ends it after a time, or when its own one does. */
export function limitTime(request: PipelineRequest, limitMs: number): TimeLimit {
  const callerSignal = request.abortSignal;
  const controller = new AbortController();
  const { signal } = controller;
  const { promise: ended, reject } = Promise.withResolvers<never>();
  // Whoever does not wait for it gets no unhandled rejection.
  ended.catch(() => {});
  const abort = () => {
    controller.abort();
    reject(signal.reason);
  };
  const timer = setTimeout(abort, limitMs);
  callerSignal?.addEventListener('abort', abort);
  if (callerSignal?.aborted) abort();
  request.abortSignal = signal;
  return {
    ended,
    isOver: () => signal.aborted && callerSignal?.aborted !== true,
    extend: () => timer.refresh(),
    release() {
      clearTimeout(timer);
      callerSignal?.removeEventListener('abort', abort);
    },
  };
}
