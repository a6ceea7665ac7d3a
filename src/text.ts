/** Escapes and shortens texts from outside before they are shown, logged or quoted. */

/** Characters that a message quotes of a text from outside. */
const maxQuoted = 200;

/**
 * Control and format characters (bidirectional overrides, zero-width characters, tags, a byte order
 * mark), ends of lines and halves of characters: invisible, or changing how the text around them is
 * shown (Unicode: general categories Cc, Cf, Zl, Zp and Cs).
 */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const hiddenWithinLine = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text with an escape, such as `\u202e`, for each hidden character. */
export function escapeHidden(text: string): string {
  return text.replace(hidden, toEscape);
}

/** The same, with its line feeds kept. */
export function escapeHiddenInLines(text: string): string {
  return text.replace(hiddenWithinLine, toEscape);
}

/** The start of a text from outside, such as a server's answer, as part of one line. */
export function quote(text: string): string {
  if (text.length <= maxQuoted) return escapeHidden(text);
  // Enough UTF-16 units for one character more than is quoted.
  const start = Array.from(text.slice(0, 2 * maxQuoted + 2));
  if (start.length <= maxQuoted) return escapeHidden(text);
  const quoted = start.slice(0, maxQuoted).join('');
  return escapeHidden(quoted) + noteOfCut(text);
}

/** A text, or its first `length` UTF-16 units with a note that it was cut. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : clip(text, length) + noteOfCut(text);
}

/** At most `length` UTF-16 units of a text, never half a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text.toWellFormed();
  const isPairCut = /[\uD800-\uDBFF]/.test(text.charAt(length - 1));
  return text.slice(0, isPairCut ? length - 1 : length).toWellFormed();
}

function noteOfCut({ length }: string): string {
  return `… (cut, ${length} characters)`;
}

function toEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}
