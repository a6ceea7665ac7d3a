import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Value } from '../http/rows.ts';
import { escapeHidden, shorten } from '../text.ts';
import { toText } from './dataAnswer.ts';

/** A column of a table for people. */
export interface Column<Row> {
  /** Unique in its table. */
  heading: string;
  /** The name of a row's value, or a function of the row. */
  value: (keyof Row & string) | ((row: Row) => unknown);
  /**
   * - `number`: right-aligned, and never cut
   * - `id`: cut to its first characters where the terminal is too narrow, before any text
   * - `text`: cut where the terminal is too narrow, the widest first
   */
  kind?: 'number' | 'id' | 'text';
  /** It is left out where the terminal is too narrow still, the highest number first. */
  spare?: number;
}

/** What names a customer in every list. */
export const customerColumns = [
  { heading: 'customer', value: 'customerName', kind: 'text' },
  { heading: 'id', value: 'customerId', kind: 'id' },
] as const;

/** Up to this width of a terminal, rows that do not fit become blocks of lines. */
const widestBlocks = 60;
/** Enough for most names of companies, and for every id. */
const widestCell = 40;
/** The first group of a GUID, by which a customer can be named and searched, and an ellipsis. */
const narrowestId = 9;
const narrowestText = 16;
const gap = 2;
/** The length of the longest stored message. */
const longestLine = 4_000;
/** Limits combining marks, which have no width of their own. */
const maxUnitsPerColumn = 4;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Rows under the headings of their columns, as wide as the terminal at most. Where that is too
 * narrow columns give way in a fixed order (see {@link Column}); rows that do not fit all the same
 * become a block each, with a line for each column.
 *
 * @param width of the terminal, in characters; Infinity for other output, which has all columns,
 *   and of its texts those of the last column whole
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
  width: number = outputWidth(),
): string {
  const cells = Array.from(rows, (row) => columns.map((column) => textOf(row, column)));
  const natural = columns.map(({ heading, kind }, index) => {
    const texts = cells.map((line) => line[index] ?? '');
    // A terminal has better use for its width than a column in which nothing stands.
    if (width < Number.POSITIVE_INFINITY && texts.every((text) => text === '')) return undefined;
    const widest = [heading, ...texts].reduce(
      (most, text) => Math.max(most, stringWidth(escapeHidden(text))),
      0,
    );
    const isWhole = kind === 'number' || index === columns.length - 1;
    return isWhole ? widest : Math.min(widestCell, widest);
  });
  const widths = layOut(columns, natural, width);
  if (widths === undefined) return drawBlocks(columns, cells, width);
  const shown = columns.flatMap((column, index) => {
    const fitted = widths[index];
    return fitted === undefined ? [] : [{ ...column, index, width: fitted }];
  });
  const lines = cells.map((line) =>
    shown.map((column) => cut(line[column.index] ?? '', column.width)),
  );
  const headings = shown.map(({ heading }) => heading);
  return draw(lines, {
    head: headings.some((heading) => heading !== '') ? headings : [],
    colAligns: shown.map(({ kind }) => (kind === 'number' ? 'right' : 'left')),
  });
}

/** Counts by their names, under two headings. */
export function formatCounts(
  [name, count]: readonly [string, string],
  counts: Iterable<readonly [string, unknown]>,
): string {
  const columns: Column<readonly [string, unknown]>[] = [
    { heading: name, value: ([named]) => named },
    { heading: count, value: ([, counted]) => counted, kind: 'number' },
  ];
  return formatTable(columns, counts);
}

/** The columns of the terminal that stdout is; Infinity where it is none. */
function outputWidth(): number {
  const { isTTY, columns } = process.stdout;
  return isTTY && columns > 0 ? columns : Number.POSITIVE_INFINITY;
}

/** A value as a line that a terminal can show: names come from other people's tenants. */
export function toPlainLine(value: unknown): string {
  return escapeHidden(shorten(String(value ?? ''), longestLine));
}

function textOf<Row>(row: Row, { value }: Column<Row>): string {
  const text = toText((typeof value === 'function' ? value(row) : row[value]) as Value);
  return shorten(text, longestLine);
}

/** Widths by column, `undefined` for one that is left out. */
type Widths = readonly (number | undefined)[];

/** @returns undefined where no table fits */
function layOut(
  columns: readonly Column<never>[],
  natural: Widths,
  width: number,
): Widths | undefined {
  if (totalOf(natural) <= width) return natural;
  if (width <= widestBlocks) return undefined;
  const spares = new Set(columns.map(({ spare = 0 }) => spare));
  for (const kept of [...spares].sort((one, other) => other - one)) {
    const some = natural.map((each, index) =>
      (columns[index]?.spare ?? 0) > kept ? undefined : each,
    );
    const narrowed = narrow(columns, some, width);
    if (narrowed) return narrowed;
  }
  return undefined;
}

/** @returns undefined where the columns do not fit, however much is cut */
function narrow(
  columns: readonly Column<never>[],
  natural: Widths,
  width: number,
): Widths | undefined {
  const widths = natural.map((each, index) =>
    columns[index]?.kind === 'id' && each !== undefined ? Math.min(narrowestId, each) : each,
  );
  while (totalOf(widths) > width) {
    const texts = widths.map((each, index) => (columns[index]?.kind === 'text' ? (each ?? 0) : 0));
    const widest = Math.max(...texts);
    if (widest <= narrowestText) return undefined;
    widths[texts.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function totalOf(widths: Widths): number {
  return widths.reduce<number>(
    (sum, each) => sum + (each === undefined ? 0 : each + gap),
    // No gap after the last one.
    -gap,
  );
}

/** A text as a line of at most so many columns, cut between graphemes. */
function cut(text: string, width: number): string {
  const maxUnits = maxUnitsPerColumn * width;
  const line = escapeHidden(text);
  if (line.length <= maxUnits && stringWidth(line) <= width) return line;
  let fitted = '';
  let taken = 0;
  for (const { segment } of graphemes.segment(text)) {
    const shown = escapeHidden(segment);
    taken += stringWidth(shown);
    if (taken >= width || fitted.length + shown.length > maxUnits) break;
    fitted += shown;
  }
  return `${fitted}…`;
}

/** A block for each row: its values below each other, behind their headings. */
function drawBlocks(
  columns: readonly Column<never>[],
  cells: readonly (readonly string[])[],
  width: number,
): string {
  const headings = Math.max(...columns.map(({ heading }) => stringWidth(heading)));
  const numbers = columns.map(({ kind }, index) =>
    kind === 'number' ? Math.max(...cells.map((line) => line[index]?.length ?? 0)) : 1,
  );
  // The library counts the gap after the last column, too.
  const colWidths = [headings + gap, gap + Math.max(width - headings - gap, ...numbers)];
  const blocks = cells.map((line) => {
    const filled = columns.flatMap(({ heading }, index) =>
      line[index] ? [[heading, escapeHidden(line[index])]] : [],
    );
    return draw(filled, { colWidths, wordWrap: true });
  });
  return blocks.join('\n\n');
}

function draw(lines: string[][], options: ConstructorParameters<typeof Table>[0]): string {
  const table = new Table({ style, chars, ...options });
  table.push(...lines);
  const drawn = table.toString().split('\n');
  return drawn.map((line) => line.trimEnd()).join('\n');
}

const style = { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': gap };
const chars = {
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
};
