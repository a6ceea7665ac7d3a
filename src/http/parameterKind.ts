import * as z from 'zod';
import { clip } from '../text.ts';
import { firstAskable, isAskable, lastAskable } from '../usage/date.ts';

/**
 * The kinds of value a parameter can have. Their problems name what was expected and what was got.
 * Only the start of a value is shown, as it may be a key in the wrong place.
 */

const longestShown = 40;

/** The start of a text, in quotes, with control characters escaped. */
export function show(text: string): string {
  const isLong = text.length > longestShown;
  return JSON.stringify(clip(text, longestShown)) + (isLong ? '…' : '');
}

/** A parameter that `read` parses; it returns undefined where the text is not as expected. */
function parameter<T>(
  expected: string,
  read: (text: string) => T | undefined,
  schema: Record<string, unknown> & { description: string },
) {
  return z
    .string()
    .transform((text, context): T => {
      const value = read(text);
      if (value !== undefined) return value;
      context.addIssue(`expected ${expected}, got ${show(text)}`);
      return z.NEVER;
    })
    .meta(schema);
}

const dateBounds = `from ${firstAskable} to ${lastAskable}`;

/** A date that exists, `yyyy-MM-dd`. */
export const date = (description: string) =>
  parameter(
    `a date that exists, yyyy-MM-dd, ${dateBounds}`,
    (text) => (isAskable(text) ? text : undefined),
    // JSON Schema has no bounds for dates; these are the years that begin with a 2.
    { format: 'date', pattern: '^2\\d{3}-', description: `${description}; ${dateBounds}` },
  );

/** A GUID, returned in lower case. */
export const guid = (description: string) =>
  parameter('a GUID', readGuid, { format: 'uuid', description });

/** A GUID, returned in lower case, or one of some words. */
export const guidOr = (words: readonly string[], description: string) =>
  parameter(
    `a GUID, or one of ${words.join(', ')}`,
    (text) => words.find((word) => word === text) ?? readGuid(text),
    { anyOf: [{ format: 'uuid' }, { enum: [...words] }], description },
  );

function readGuid(text: string): string | undefined {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ? text.toLowerCase() : undefined;
}

/** A whole number within limits, both included. */
export const wholeNumber = (
  minimum: number,
  maximum: number,
  schema: { description: string; default?: number },
) =>
  parameter(
    `a whole number from ${minimum} to ${maximum}`,
    (text) => {
      const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      return number >= minimum && number <= maximum ? number : undefined;
    },
    { type: 'integer', minimum, maximum, ...schema },
  );

/** One of some words, in exactly this spelling. */
export const oneOf = <const T extends string>(
  words: readonly T[],
  schema: { description: string; default?: T },
) =>
  parameter(`one of ${words.join(', ')}`, (text) => words.find((word) => word === text), {
    enum: [...words],
    ...schema,
  });

/** The code of a currency, returned in upper case. */
export const currency = (description: string) =>
  parameter(
    'three letters, such as EUR',
    (text) => (/^[a-z]{3}$/i.test(text) ? text.toUpperCase() : undefined),
    { pattern: '^[A-Za-z]{3}$', description },
  );

/** Some characters of any kind, counted as JSON Schema does: by code points. */
export const text = (maxLength: number, description: string) =>
  parameter(
    `1 to ${maxLength} characters`,
    (value) => {
      const { length } = Array.from(value);
      return length >= 1 && length <= maxLength ? value : undefined;
    },
    { minLength: 1, maxLength, description },
  );
