/**
 * Runs a task once for all callers that ask for its result while it is under way. A caller that
 * aborts stops waiting without affecting the others; after the last one the task's own signal is
 * aborted.
 */
export function createSingleFlight<T>(
  task: (signal: AbortSignal) => Promise<T>,
): (signal?: AbortSignal) => Promise<T> {
  let current: Flight<T> | undefined;

  function start(): Flight<T> {
    const abandoned = new AbortController();
    const flight: Flight<T> = { abandoned, waiting: 0, result: task(abandoned.signal) };
    const land = () => {
      if (current === flight) current = undefined;
    };
    // Also on rejection, which would otherwise be unhandled once no caller waits.
    flight.result.then(land, land);
    return flight;
  }

  return async (signal) => {
    signal?.throwIfAborted();
    current ??= start();
    const flight = current;
    flight.waiting++;
    try {
      return await orAborted(flight.result, signal);
    } finally {
      flight.waiting--;
      if (flight.waiting === 0) {
        if (current === flight) current = undefined;
        flight.abandoned.abort();
      }
    }
  };
}

interface Flight<T> {
  result: Promise<T>;
  /** Callers that still want the result. */
  waiting: number;
  abandoned: AbortController;
}

function orAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const stopListening = () => signal.removeEventListener('abort', onAbort);
  result.then(resolve, reject).then(stopListening, stopListening);
  return promise;
}
