import { type Options, stringify } from 'csv-stringify/sync';
import { inPieces, type Row, type Rows, type Value } from './rows.ts';

/**
 * A sign with which a formula begins, also in its full-width form, after whatever a spreadsheet may
 * pass over or nobody sees (OWASP: CSV injection). A tab or a carriage return is such a sign itself.
 */
const formula = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@\t\r＝＋－＠]/u;

const options: Options = {
  record_delimiter: 'windows',
  // A line feed or carriage return alone, too, ends a line for many readers.
  quote_record_delimiter: true,
  cast: {
    // Only texts can be formulas: a number with its sign is none.
    string: (text) => (formula.test(text) ? `'${text}` : text),
    boolean: String,
    object: (value) => String(value['rawJSON']),
  },
};

/**
 * Rows as CSV (RFC 4180): a header, CRLF, numbers with their digits, nothing for what is absent. A
 * text that a spreadsheet would take for a formula has an apostrophe before it.
 *
 * Cells end at commas alone: a `;` inside a text is not a separator, so that such a text stands
 * without quotes. A spreadsheet that is set to `;` has to import it as comma-separated.
 *
 * @param columns names of the rows' values, in the order of the columns
 */
export async function* toCsv(columns: readonly string[], rows: Rows): AsyncGenerator<string> {
  yield stringify([[...columns]], options);
  for await (const piece of inPieces(rows)) {
    yield stringify(piece.map(cellsOf(columns)), options);
  }
}

function cellsOf(columns: readonly string[]): (row: Row) => Value[] {
  return (row) => columns.map((name) => row[name]);
}
