import { escapeHiddenInLines } from '../text.ts';

/** Exit codes of the commands. */
export const exitCodes = { done: 0, failed: 1, badUsage: 2, partial: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * Accepts a reader that ends early (`| head`): further output is dropped, and the command goes on
 * to its end. Output that cannot be written for another reason ends it.
 */
export function tolerateClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    printProgress(`stdout: ${error.message}`);
    process.exit(exitCodes.failed);
  });
  process.stderr.on('error', () => {});
}

/** Writes lines of the result for people, with control characters escaped. */
export function print(text: string): void {
  process.stdout.write(`${escapeHiddenInLines(text)}\n`);
}

/** Writes lines of progress or errors in the same way, on stderr. */
export function printProgress(text: string): void {
  process.stderr.write(`${escapeHiddenInLines(text)}\n`);
}

/** Writes a result for programs, as it is. */
export function printDocument(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes one document of JSON; an `Amount` is a number with all its digits by `exactNumber`. */
export function printJson(value: unknown): void {
  printDocument(JSON.stringify(value, undefined, 2));
}
