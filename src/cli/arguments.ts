import Big from 'big.js';
import { InvalidArgumentError } from 'commander';
import { ConfigurationError } from '../errors.ts';
import { metersId, unassignedId } from '../usage/azureSubscriptionSnapshot.ts';
import { firstAskable, isAskable, isDate, lastAskable } from '../usage/date.ts';

/** Parsers of command line arguments; their errors name what was expected and what was got. */

export function parseId(text: string): string {
  if (isId(text)) return text.toLowerCase();
  throw new InvalidArgumentError(`expected a GUID, got ${JSON.stringify(text)}`);
}

/** An Azure subscription, or what takes its place where there is none. */
export function parseAzureSubscription(text: string): string {
  if (isId(text)) return text.toLowerCase();
  if (text === unassignedId || text === metersId) return text;
  const expected = `expected a GUID, ${unassignedId} or ${metersId}`;
  throw new InvalidArgumentError(`${expected}, got ${JSON.stringify(text)}`);
}

/** Whether a text is a GUID. */
export function isId(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}

/** A customer by its GUID, in lower case, or by what {@link isId} does not take: a name, say. */
export function parseCustomer(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== '') return isId(trimmed) ? trimmed.toLowerCase() : trimmed;
  throw new InvalidArgumentError(
    `expected a GUID, a name, a domain or a unique part of one, got ${JSON.stringify(text)}`,
  );
}

/** The code of a currency, in upper case. */
export function parseCurrency(text: string): string {
  if (/^[a-z]{3}$/i.test(text)) return text.toUpperCase();
  throw new InvalidArgumentError(
    `expected three letters, such as EUR, got ${JSON.stringify(text)}`,
  );
}

/** A text that something is searched by. */
export function parseSearch(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('expected a part of a name, a domain or an id, got ""');
}

export function parseDate(text: string): string {
  if (isAskable(text)) return text;
  const bounds = isDate(text) ? ` from ${firstAskable} to ${lastAskable}` : '';
  throw new InvalidArgumentError(
    `expected a date yyyy-MM-dd${bounds}, got ${JSON.stringify(text)}`,
  );
}

/** A month, `yyyy-MM`. */
export function parseMonth(text: string): string {
  if (isAskable(`${text}-01`)) return text;
  throw new InvalidArgumentError(
    `expected a month yyyy-MM from ${firstAskable.slice(0, 7)} to ${lastAskable.slice(0, 7)}, got ${JSON.stringify(text)}`,
  );
}

const largestMarkup = 100;

/** A markup in percent, kept as it was written: it is a decimal, not a double. */
export function parseMarkup(text: string): string {
  if (/^\d{1,3}(?:\.\d{1,10})?$/.test(text) && Number(text) <= largestMarkup) {
    return new Big(text).toFixed();
  }
  throw new InvalidArgumentError(
    `expected percent from 0 to ${largestMarkup}, such as 7.5, got ${JSON.stringify(text)}`,
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
