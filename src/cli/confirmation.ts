import { createInterface } from 'node:readline';
import { ConfigurationError } from '../errors.ts';
import { printProgress } from './terminal.ts';

/** Input for the answer; only a terminal can be asked. */
export type Answers = NodeJS.ReadableStream & { isTTY?: boolean };

/**
 * Asks whether to go on; only `yes` or `y` confirms. Without a terminal it fails at once, so that a
 * job whose input never ends does not wait.
 *
 * @throws ConfigurationError without a terminal or an answer; the signal's reason when it aborts
 */
export async function isConfirmed(
  question: string,
  signal: AbortSignal,
  input: Answers = process.stdin,
): Promise<boolean> {
  if (!input.isTTY)
    throw new ConfigurationError([`${question}\n${describeMissingAnswer('stdin is no terminal')}`]);
  printProgress(`${question}\nGo on? Only yes does:`);
  // Not in terminal mode, in which Ctrl-C would be input instead of a signal.
  const lines = createInterface({ input, terminal: false, signal });
  try {
    for await (const line of lines) return /^\s*y(es)?\s*$/i.test(line);
  } finally {
    lines.close();
  }
  signal.throwIfAborted();
  throw new ConfigurationError([describeMissingAnswer('stdin is at its end')]);
}

function describeMissingAnswer(why: string): string {
  return `expected yes, or --yes without a terminal, got neither: ${why}`;
}
