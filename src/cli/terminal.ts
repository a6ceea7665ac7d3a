import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

/** What a command ends with. */
export const exitCodes = { done: 0, failed: 1, badUsage: 2, partial: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * Lets a reader leave early (`| head`): what it no longer wants is dropped, and the command goes on
 * to its own end. Output that cannot be written for another reason ends it.
 */
export function tolerateClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    printProgress(`stdout: ${error.message}`);
    process.exit(exitCodes.failed);
  });
  process.stderr.on('error', () => {});
}

/** Writes a line of the result. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line of progress, or of what went wrong. */
export function printProgress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes one document of JSON; an `Amount` is a number with all its digits by `exactNumber`. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/** A line that a terminal can show: names come from other people's tenants. */
export function toPlainLine(value: unknown): string {
  return stripVTControlCharacters(String(value ?? '')).replace(/\p{Cc}/gu, ' ');
}

/** Columns under their headings; those of `numbers` stand to the right. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly unknown[])[],
  numbers: readonly string[] = [],
): string {
  const table = new Table({
    head: headings.some((heading) => heading !== '') ? [...headings] : [],
    colAligns: headings.map((heading) => (numbers.includes(heading) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  });
  table.push(...rows.map((row) => row.map(toPlainLine)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
