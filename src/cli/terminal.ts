import Table from 'cli-table3';
import stringWidth from 'string-width';
import { clip, escapeHidden, escapeHiddenInLines, shorten } from '../text.ts';

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

/** Writes lines of the result for people. Nothing in them is for the terminal to obey. */
export function print(text: string): void {
  process.stdout.write(`${escapeHiddenInLines(text)}\n`);
}

/** Writes lines of progress, or of what went wrong, in the same way. */
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

/** As long as the longest message that is stored. */
const longestLine = 4_000;

/** A value as a line that a terminal can show: names come from other people's tenants. */
export function toPlainLine(value: unknown): string {
  return escapeHidden(shorten(String(value ?? ''), longestLine));
}

/** Most names of companies, and every id. */
const widestCell = 40;
/** Marks that stand above one another widen nothing, and need not be without end. */
const maxUnitsPerCell = 4 * widestCell;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A value as a line that fits a column: cut between what is seen as characters. */
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
 * Columns under their headings; those of `numbers` stand to the right. One long name does not widen
 * its column for all: it is cut, but for a number and in the last column, which widens nothing.
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
