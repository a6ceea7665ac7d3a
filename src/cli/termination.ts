import { printProgress } from './terminal.ts';

/** SIGHUP: the terminal was closed; SIGBREAK: Ctrl-Break on Windows. */
const signals: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']
    : ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs work that ends early and in order at the first signal, and at once at the second.
 *
 * @param work gets an abort signal for the first
 */
export async function untilTerminated<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (abort.signal.aborted) process.exit(1);
    printProgress(`${name}: ending …`);
    abort.abort(new Error(`ended by ${name}`));
  };
  for (const name of signals) process.on(name, onSignal);
  try {
    return await work(abort.signal);
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}
