import type { TestContext } from 'vitest';

const isWindows = process.platform === 'win32';

/**
 * Whether a process hears of a signal that it is sent. On Windows there are none: Node.js ends the
 * process at once, before it can say a word or leave an exit code (Node.js: process, signal events).
 * To end one that is not needed any more, that is good enough.
 */
export const canSendSignals = !isWindows;

/** Skips the test where a signal cannot be sent. */
export function needSignals(context: TestContext): void {
  if (!canSendSignals) skipTest(context, 'Windows ends a process where others send it a signal');
}

/** Skips the test where a file has no mode that says who may read it (Node.js: fs.chmod). */
export function needFileModes(context: TestContext): void {
  if (isWindows) skipTest(context, 'Windows has no mode of a file that says who may read it');
}

/** Skips the test that is under way, and prints why: the reporter does so for a failed file alone. */
export function skipTest({ task, skip }: TestContext, reason: string): never {
  process.stderr.write(`skipped: ${task.name}: ${reason}\n`);
  return skip(reason);
}
