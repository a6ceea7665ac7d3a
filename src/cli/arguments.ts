import { InvalidArgumentError } from 'commander';
import { ConfigurationError } from '../errors.ts';
import { firstAskable, isAskable, isDate, lastAskable } from '../usage/date.ts';

/** Parsers of command line arguments; their errors name what was expected and what was got. */

export function parseId(text: string): string {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError(`expected a GUID, got ${JSON.stringify(text)}`);
}

export function parseDate(text: string): string {
  if (isAskable(text)) return text;
  const bounds = isDate(text) ? ` from ${firstAskable} to ${lastAskable}` : '';
  throw new InvalidArgumentError(
    `expected a date yyyy-MM-dd${bounds}, got ${JSON.stringify(text)}`,
  );
}

/** A whole number between two bounds, both included. */
export function parseWholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(
      `expected a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`,
    );
  };
}

/** @throws ConfigurationError where both ends are given, in the wrong order */
export function checkRange({
  from,
  to,
}: {
  from?: string | undefined;
  to?: string | undefined;
}): void {
  if (from !== undefined && to !== undefined && from > to) {
    throw new ConfigurationError([`--from: expected a date up to ${to}, got ${from}`]);
  }
}
