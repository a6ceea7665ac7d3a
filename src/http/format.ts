import Negotiator from 'negotiator';
import { Problem } from './problem.ts';

export const formats = ['json', 'csv', 'ndjson'] as const;
export type Format = (typeof formats)[number];

export const mediaTypes = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
} as const satisfies Record<Format, string>;

/**
 * The format that was asked for by name, or else the best that `Accept` takes (RFC 9110, section
 * 12.5.1).
 *
 * @throws Problem 406 where there is none that it takes
 */
export function chooseFormat(asked: Format | undefined, accept: string | undefined): Format {
  if (asked !== undefined) return asked;
  // An empty one says nothing.
  const negotiator = new Negotiator({ headers: { accept: accept?.trim() || undefined } });
  const [best] = negotiator.mediaTypes(Object.values(mediaTypes));
  const format = formats.find((each) => mediaTypes[each] === best);
  if (format !== undefined) return format;
  throw new Problem(406, `expected Accept to take one of ${Object.values(mediaTypes).join(', ')}`);
}
