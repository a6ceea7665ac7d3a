import { createHash } from 'node:crypto';

/** Where a page begins; the pages count from 1. */
export interface Position {
  page: number;
  /** Index of its first customer; past the last one for the page after the end. */
  fromIndex: number;
  /** Index of the last customer of the page before; -1 for the first page. */
  previousIndex: number;
}

/** The content of a continuation token: the next page, and the parameters of the list. */
export interface Continuation extends Position {
  /** Of the list: `/customers`. */
  path: string;
  size: number;
  /** As it was given; empty for none. */
  filter: string;
}

/** Written with a checksum, so that an invented token is recognised. */
export function writeContinuation(seed: number, continuation: Continuation): string {
  const { path, page, fromIndex, previousIndex, size, filter } = continuation;
  const text = JSON.stringify([path, page, fromIndex, previousIndex, size, filter]);
  return Buffer.from(`${checkOf(seed, text)}${text}`).toString('base64');
}

/** @returns `undefined` where it is no token of this simulator for the list at `path` */
export function readContinuation(
  seed: number,
  path: string,
  token: string | undefined,
): Continuation | undefined {
  const written = Buffer.from(token ?? '', 'base64').toString();
  const text = written.slice(checkLength);
  if (text === '' || written.slice(0, checkLength) !== checkOf(seed, text)) return undefined;
  const [of, page, fromIndex, previousIndex, size, filter] = JSON.parse(text);
  return of === path ? { path, page, fromIndex, previousIndex, size, filter } : undefined;
}

const checkLength = 12;

function checkOf(seed: number, text: string): string {
  return createHash('sha256').update(`${seed} ${text}`).digest('hex').slice(0, checkLength);
}
