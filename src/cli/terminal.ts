import Table from 'cli-table3';
import stringWidth from 'string-width';
import { clip, escapeHidden, escapeHiddenInLines, shorten } from '../text.ts';

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

/** The length of the longest stored message. */
const longestLine = 4_000;

/** A value as a line that a terminal can show: names come from other people's tenants. */
export function toPlainLine(value: unknown): string {
  return escapeHidden(shorten(String(value ?? ''), longestLine));
}

/** Enough for most names of companies, and for every id. */
const widestCell = 40;
/** Limits combining marks, which have no width of their own. */
const maxUnitsPerCell = 4 * widestCell;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A value as a line that fits a column, cut between graphemes. */
function toFittedLine(value: unknown): string {
  const text = clip(String(value ?? ''), longestLine);
  const line = escapeHidden(text);
  if (line.length <= maxUnitsPerCell && stringWidth(line) <= widestCell) return line;
  let fitted = '';
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    const shown = escapeHidden(segment);
    width += stringWidth(shown);
    if (width >= widestCell || fitted.length + shown.length > maxUnitsPerCell) break;
    fitted += shown;
  }
  return `${fitted}…`;
}

/**
 * Columns under their headings; those of `numbers` are right-aligned. A long value is cut so that
 * it does not widen its column, except numbers and values of the last column.
 */
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
  const isWhole = headings.map(
    (heading, index) => numbers.includes(heading) || index === headings.length - 1,
  );
  table.push(
    ...rows.map((row) =>
      row.map((value, index) => (isWhole[index] ? toPlainLine(value) : toFittedLine(value))),
    ),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
