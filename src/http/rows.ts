import type { RawNumber } from '../usage/exactJson.ts';

/** A line of a table: flat values by their JSON names. */
export type Row = Readonly<Record<string, Value>>;

/** An amount is the number as sent; an absent value is null. */
export type Value = string | number | boolean | RawNumber | null | undefined;

/** Rows from memory, or as a stream. */
export type Rows = Iterable<Row> | AsyncIterable<Row>;

/** Rows written at a time: single rows are slow, all of them together are large. */
const rowsPerPiece = 200;

/** Groups rows for a writer that makes a text of each group. */
export async function* inPieces(rows: Rows): AsyncGenerator<Row[]> {
  let piece: Row[] = [];
  for await (const row of rows) {
    piece.push(row);
    if (piece.length === rowsPerPiece) {
      yield piece;
      piece = [];
    }
  }
  if (piece.length > 0) yield piece;
}
