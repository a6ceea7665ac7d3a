import { printProgress } from './terminal.ts';

/**
 * Runs work that ends early, in order, at the first SIGINT or SIGTERM, and at once at the second.
 *
 * @param work is given the signal that then aborts
 */
export async function untilTerminated<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (abort.signal.aborted) process.exit(1);
    printProgress(`${name}: ending …`);
    abort.abort(new Error(`ended by ${name}`));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work(abort.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
