/** What a signal of JavaScript and one of the Azure SDK have in common. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface Callbacks {
  each: Set<() => void>;
  listener: () => void;
}

const callbacksBySignal = new WeakMap<Signal, Callbacks>();

/**
 * Calls back once when a signal is aborted, and not for one that is aborted already. A run's signal
 * has a callback for each open request: Node.js compares a new listener with all the others, so the
 * signal gets one listener for all of them.
 *
 * @returns a function that takes the callback back
 */
export function onAbort(signal: Signal, callback: () => void): () => void {
  const { each, listener } = callbacksBySignal.get(signal) ?? listenTo(signal);
  each.add(callback);
  return () => {
    if (!each.delete(callback) || each.size > 0) return;
    signal.removeEventListener('abort', listener);
    callbacksBySignal.delete(signal);
  };
}

function listenTo(signal: Signal): Callbacks {
  const each = new Set<() => void>();
  const listener = () => {
    for (const callback of each) callback();
    each.clear();
  };
  const callbacks = { each, listener };
  callbacksBySignal.set(signal, callbacks);
  signal.addEventListener('abort', listener);
  return callbacks;
}
