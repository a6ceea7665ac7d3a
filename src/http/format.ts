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
 * The format that was asked for by name, or else the best that `Accept` takes.
 *
 * @throws Problem 406 where `Accept` takes none
 */
export function chooseFormat(asked: Format | undefined, accept: string | undefined): Format {
  return asked ?? chooseByAccept(mediaTypes, accept);
}

/**
 * The best that `Accept` takes (RFC 9110, section 12.5.1). Parameters of its media types are
 * ignored: each is written in one way only.
 *
 * @param offered media types by what is to be chosen, the preferred one first
 * @throws Problem 406 where `Accept` takes none
 */
export function chooseByAccept<Name extends string>(
  offered: Readonly<Record<Name, string>>,
  accept: string | undefined,
): Name {
  // An empty header counts as absent.
  const types = accept?.replace(mediaTypeParameter, '').trim() || undefined;
  const [best] = new Negotiator({ headers: { accept: types } }).mediaTypes(Object.values(offered));
  const names = Object.keys(offered) as Name[];
  const name = names.find((each) => offered[each] === best);
  if (name !== undefined) return name;
  throw new Problem(406, `expected Accept to take one of ${Object.values(offered).join(', ')}`);
}
