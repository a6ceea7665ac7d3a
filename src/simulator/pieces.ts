/**
 * A text in pieces, each made when it is asked for, so that a long body is never in memory as a
 * whole. `String` of it is all of it.
 */
export class Pieces implements Iterable<string> {
  readonly #make: () => Iterable<string>;

  constructor(make: () => Iterable<string>) {
    this.#make = make;
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#make()[Symbol.iterator]();
  }

  toString(): string {
    return [...this].join('');
  }
}

/** Changes a text, piece by piece where it has some. */
export function mapText(
  text: string | Buffer | Pieces,
  change: (piece: string) => string,
): string | Pieces {
  if (!(text instanceof Pieces)) return change(String(text));
  return new Pieces(function* () {
    for (const piece of text) yield change(piece);
  });
}
