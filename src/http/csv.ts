import { type Options, stringify } from 'csv-stringify/sync';
import { inPieces, type Row, type Rows, type Value } from './rows.ts';

/**
 * A character that begins a formula, also in its full-width form, after invisible characters and
 * those that a spreadsheet may skip (OWASP: CSV injection). Tab and carriage return count as well.
 */
const formula = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@\t\r＝＋－＠]/u;

const options: Options = {
  record_delimiter: 'windows',
  // Many readers also end a line at a single line feed or carriage return.
  quote_record_delimiter: true,
  cast: {
    // Only texts can be formulas, not numbers with a sign.
    string: (text) => (formula.test(text) ? `'${text}` : text),
    boolean: String,
    object: (value) => String(value['rawJSON']),
  },
};

/**
 * Rows as CSV (RFC 4180): a header, CRLF, numbers with their digits, nothing for what is absent. A
 * text that a spreadsheet would take for a formula has an apostrophe before it.
 *
 * Only commas separate cells, so a text with `;` is not quoted. A spreadsheet that is set to `;`
 * has to import it as comma-separated.
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
