/**
 * JSON whose numbers keep every digit: each number is read from its place in the text and written
 * back as it stood (ECMAScript's JSON.parse source text access, in Node.js from 21 on).
 */

/** A number of a JSON text, as it stood there. `JSON.stringify` writes it back unchanged. */
export interface RawNumber {
  readonly rawJSON: string;
}

declare global {
  // TypeScript's libraries do not describe these yet.
  interface JSON {
    rawJSON(text: string): RawNumber;
    isRawJSON(value: unknown): value is RawNumber;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
  }
}

/**
 * Parses JSON, with a {@link RawNumber} for each number. A byte order mark is skipped.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(withoutByteOrderMark(text), (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined
      ? JSON.rawJSON(context.source)
      : value,
  );
}

/** The text without U+FEFF at its start, which Partner Center was seen to send and JSON forbids. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
