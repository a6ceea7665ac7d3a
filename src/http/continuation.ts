import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Position } from '../history/places.ts';
import { isAskable } from '../usage/date.ts';
import { text } from './parameterKind.ts';
import { Problem } from './problem.ts';

/**
 * An opaque text for where the next page of a list begins. It contains the day, so that all pages
 * are of the same one, and a mark of the order and filters it was made for.
 */

/** The parameters that all pages of a list have to share, besides the day. */
type Terms = readonly (string | undefined)[];

const content = z.tuple([
  z.literal(1),
  z.string().refine(isAskable),
  z.string(),
  z.string().nullable(),
  z.number().nullable(),
  z.string(),
  z.array(z.string()),
]);

/** Enough for all currencies. */
const longest = 2_000;

/** A continuation that was read, but not yet compared with the other parameters. */
export interface Continuation {
  date: string;
  /** Hash of the order and filters that it was made for. */
  mark: string;
  after: Position;
}

/** A parameter whose value comes from an earlier answer. */
export const continuation = (description: string) =>
  text(longest, description).transform((given, context): Continuation => {
    const read = parse(given);
    if (read !== undefined) return read;
    context.addIssue('expected one that an answer has given');
    return z.NEVER;
  });

export function toContinuation(position: Position, date: string, terms: Terms): string {
  const { currency = null, value = null, id, currencies } = position;
  const parts: z.infer<typeof content> = [
    1,
    date,
    markOf(terms),
    currency,
    value,
    id,
    [...currencies],
  ];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * @param askedDate the day that is asked for beside it, if any
 * @throws Problem 400 where it was made for other parameters
 */
export function fromContinuation(
  { date, mark, after }: Continuation,
  terms: Terms,
  askedDate?: string,
): { date: string; after: Position } {
  if (mark !== markOf(terms) || (askedDate !== undefined && askedDate !== date)) {
    throw problem('expected the parameters of the page before: it was made for others');
  }
  return { date, after };
}

function parse(given: string): Continuation | undefined {
  const parts = parseContent(given);
  if (parts === undefined) return undefined;
  const [, date, mark, currency, value, id, currencies] = parts;
  return {
    date,
    mark,
    after: { id, currency: currency ?? undefined, value: value ?? undefined, currencies },
  };
}

function parseContent(given: string): z.infer<typeof content> | undefined {
  if (!/^[\w-]+$/.test(given)) return undefined;
  try {
    return content.safeParse(JSON.parse(Buffer.from(given, 'base64url').toString())).data;
  } catch {
    // A SyntaxError: it holds no JSON.
    return undefined;
  }
}

/** A hash that distinguishes sets of parameters of any length. */
function markOf(terms: Terms): string {
  return createHash('sha256').update(JSON.stringify(terms)).digest('base64url').slice(0, 16);
}

function problem(message: string): Problem {
  const errors = [{ name: 'continuation', message }];
  return new Problem(400, 'There are parameters that cannot be used; errors names them.', {
    errors,
  });
}
