import type { RawNumber } from '../usage/exactJson.ts';

/** A line of a table: flat values by their JSON names. */
export type Row = Readonly<Record<string, Value>>;

/** An amount is the number it was sent as; what is absent is null. */
export type Value = string | number | boolean | RawNumber | null | undefined;

/** Rows from memory, or from wherever they come one by one. */
export type Rows = Iterable<Row> | AsyncIterable<Row>;

/** Rows written at a time: one by one is slow, and all at once is large. */
const rowsPerPiece = 200;

/** Rows in pieces of some, for a writer that gives a text for each. */
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
