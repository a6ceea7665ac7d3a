/** A line of a file, without its end. */
export interface Line {
  /** The first is 1. */
  number: number;
  text: string;
}

/** A line that is not as expected. The message quotes nothing of it. */
export class LineError extends Error {
  readonly code = 'BAD_LINE';
  readonly line: number;

  constructor(line: number, message: string, options?: ErrorOptions) {
    super(`line ${line}: ${message}`, options);
    this.name = 'LineError';
    this.line = line;
  }
}

/** More than a row of 1 MiB with every character escaped. */
const maxLineBytes = 8 * 1024 * 1024;
const lineFeed = 10;

/**
 * Splits a file at its line feeds only: U+2028, which some readers take for the end of a line, can
 * occur within the texts of JSON. Blank lines are left out; the last line needs no line feed.
 *
 * @throws LineError for a line that is not UTF-8, or longer than 8 MiB
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  let number = 1;
  const add = (piece: Uint8Array) => {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes <= maxLineBytes) return;
    throw new LineError(number, `expected at most ${maxLineBytes} bytes, got more`);
  };
  const end = () => {
    const text = decode(number, Buffer.concat(pieces));
    const line = { number: number++, text };
    pieces = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, start)) {
      add(chunk.subarray(start, at));
      start = at + 1;
      const line = end();
      if (line.text.trim() !== '') yield line;
    }
    add(chunk.subarray(start));
  }
  const last = end();
  if (last.text.trim() !== '') yield last;
}

function decode(number: number, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new LineError(number, 'expected UTF-8, got other bytes', { cause: error });
  }
}
