import { inPieces, type Rows } from './rows.ts';

/** Rows as lines of JSON, numbers with their digits. */
export async function* toNdjson(rows: Rows): AsyncGenerator<string> {
  for await (const piece of inPieces(rows)) {
    yield piece.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
}
