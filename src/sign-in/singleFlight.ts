/**
 * One run of a task, however many ask for its result while it is under way. A caller that aborts
 * stops waiting and changes nothing for the others; once the last has gone, the task's own signal
 * aborts.
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
    // Both ways, so that a result nobody waits for any more is not an unhandled rejection.
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
