import Negotiator from 'negotiator';
import { oneOf } from './parameterKind.ts';
import { Problem } from './problem.ts';

export const formats = ['json', 'csv', 'ndjson'] as const;
export type Format = (typeof formats)[number];

export const mediaTypes = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
} as const satisfies Record<Format, string>;

/** A parameter of every route that answers rows. */
export const formatParameter = {
  format: oneOf(formats, { description: 'Comes before the header Accept' }).optional(),
};

/** A parameter of a media type other than the weight `q`; its value may be in quotes. */
const mediaTypeParameter = /;(?!\s*q\s*=)[^;,="]*(?:=\s*(?:"(?:\\.|[^"\\])*"|[^;,"]*))?/gi;

/**
 * The format that was asked for by name, or else the best that `Accept` takes (RFC 9110, section
 * 12.5.1). Parameters of its media types are ignored: each format is written in one way only.
 *
 * @throws Problem 406 where `Accept` takes none
 */
export function chooseFormat(asked: Format | undefined, accept: string | undefined): Format {
  if (asked !== undefined) return asked;
  // An empty header counts as absent.
  const types = accept?.replace(mediaTypeParameter, '').trim() || undefined;
  const negotiator = new Negotiator({ headers: { accept: types } });
  const [best] = negotiator.mediaTypes(Object.values(mediaTypes));
  const format = formats.find((each) => mediaTypes[each] === best);
  if (format !== undefined) return format;
  throw new Problem(406, `expected Accept to take one of ${Object.values(mediaTypes).join(', ')}`);
}
