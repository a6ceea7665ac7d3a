import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RankingPosition, RankingQuery } from '../history/ranking.ts';
import { isAskable } from './parameterKind.ts';
import { Problem } from './problem.ts';

/**
 * Where the next page of a ranking begins: a text that is nobody else's business. It holds the day,
 * so that all pages are of one, and for which order and filters it was made.
 */

type Asked = Pick<RankingQuery, 'date' | 'orderBy' | 'outcome' | 'currency' | 'search'>;

const content = z.tuple([
  z.literal(1),
  z.string().refine(isAskable),
  z.string(),
  z.string().nullable(),
  z.number().nullable(),
  z.string(),
  z.array(z.string()),
]);

/** With every currency of the world. */
export const longestContinuation = 2_000;

export function toContinuation(position: RankingPosition, date: string, asked: Asked): string {
  const { currency = null, value = null, customerId, currencies } = position;
  const parts: z.infer<typeof content> = [
    1,
    date,
    markOf(asked),
    currency,
    value,
    customerId,
    [...currencies],
  ];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws Problem 400 where it is none, or was made for other parameters */
export function fromContinuation(
  text: string,
  asked: Asked,
): { date: string; after: RankingPosition } {
  const parts = parse(text);
  if (parts === undefined) throw problem('expected one that an answer has given');
  const [, date, mark, currency, value, customerId, currencies] = parts;
  if (mark !== markOf(asked) || (asked.date !== undefined && asked.date !== date)) {
    throw problem('expected the parameters of the page before: it was made for others');
  }
  return {
    date,
    after: { customerId, currency: currency ?? undefined, value: value ?? undefined, currencies },
  };
}

function parse(text: string): z.infer<typeof content> | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  try {
    return content.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data;
  } catch {
    // A SyntaxError: it holds no JSON.
    return undefined;
  }
}

/** Tells one set of parameters from another, whatever length they have. */
function markOf({ orderBy, outcome, currency, search }: Asked): string {
  const parts = JSON.stringify([orderBy, outcome, currency, search]);
  return createHash('sha256').update(parts).digest('base64url').slice(0, 16);
}

function problem(message: string): Problem {
  const errors = [{ name: 'continuation', message }];
  return new Problem(400, 'There are parameters that cannot be used; errors names them.', {
    errors,
  });
}
