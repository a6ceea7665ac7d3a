import * as z from 'zod';
import { isLoopback } from '../network/loopback.ts';
import { Secret } from '../secret.ts';
import { isSchedule } from './schedule.ts';

/**
 * The kinds of value a setting can have. Their problems name what was expected and what was got.
 * Of values that could be a secret in the wrong setting only the length is shown: long ones, and
 * those with characters that keys and secrets have.
 */

/** A setting that `parse` reads; it returns `undefined` where the text is not as expected. */
function setting<T>(
  expected: string,
  parse: (text: string) => T | undefined,
  describe: (text: string) => string = describeText,
) {
  return z.string({ error: `expected ${expected}, got nothing` }).transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue(`expected ${expected}, got ${describe(text)}`);
    return z.NEVER;
  });
}

const lengthOf = (text: string) => `a text of ${text.length} characters`;

/** Keys, signatures, URLs with a password and secrets of app registrations have `=`, `@` or `~`. */
function describeText(text: string): string {
  return /^[\w .,:;/*?#%()|+-]{1,32}$/.test(text) ? `"${text}"` : lengthOf(text);
}

/** A URL without a user, a password or a signature in it. */
function describeUrl(text: string): string {
  return /^https?:\/\/[\w.:/?#%-]{1,100}$/.test(text) ? `"${text}"` : describeText(text);
}

/** An invalid id is shown where it looks like part of a GUID or a domain name. */
function describeId(text: string): string {
  return /^[\da-f{}-]{1,40}$/i.test(text) || /^[a-z\d-]+(?:\.[a-z\d-]+)+$/.test(text)
    ? `"${text}"`
    : lengthOf(text);
}

/** An app setting that refers to Key Vault contains the reference itself until it is resolved. */
const isUnresolvedReference = (text: string) => /^@Microsoft\.KeyVault\(/i.test(text);

function describeSecret(text: string): string {
  return isUnresolvedReference(text)
    ? "a Key Vault reference that was not resolved (check the app's identity and its role)"
    : lengthOf(text);
}

/** A secret of any shape, or of the shape that `isValid` asks for. */
export function secret(expected: string, isValid: (text: string) => boolean = () => true) {
  return setting(
    expected,
    (text) => (isUnresolvedReference(text) || !isValid(text) ? undefined : new Secret(text)),
    describeSecret,
  );
}

/** Any text. */
export const text = (expected: string) => setting(expected, (value) => value);

/** A text that a pattern describes. */
export const matching = (expected: string, pattern: RegExp) =>
  setting(expected, (value) => (pattern.test(value) ? value : undefined));

/** One of some words, in exactly this spelling. */
export const oneOf = <const T extends string>(...words: T[]) =>
  setting(words.map((word) => `"${word}"`).join(' or '), (value) =>
    words.find((word) => word === value),
  );

/** A GUID, returned in lower case. */
export const guid = setting(
  'a GUID',
  (value) =>
    /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value.toLowerCase() : undefined,
  describeId,
);

/** A whole number within limits, both included. */
export const wholeNumber = (min: number, max: number) =>
  setting(`a whole number from ${min} to ${max}`, (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  });

const decimalPattern = /^\d{1,12}(?:\.\d{1,6})?$/;

/** A decimal number of 0 or more. */
export const amount = setting('a number of 0 or more, such as 10 or 2.5', (value) =>
  decimalPattern.test(value) ? Number(value) : undefined,
);

const maxPercents = 20;
const highestPercent = 1000;

/** Percentages, returned in ascending order, each once. */
export const percents = setting(
  `up to ${maxPercents} percentages above 0, up to ${highestPercent}, such as 50,75,100`,
  (value) => {
    const items = value.split(',').map((item) => item.trim());
    const numbers = items.map((item) => (decimalPattern.test(item) ? Number(item) : 0));
    if (numbers.some((number) => number <= 0 || number > highestPercent)) return undefined;
    const unique = [...new Set(numbers)].sort((a, b) => a - b);
    return unique.length <= maxPercents ? unique : undefined;
  },
);

/** An NCRONTAB schedule, UTC. */
export const schedule = setting(
  'an NCRONTAB schedule of six fields (second minute hour day month weekday) that is ever due',
  (value) => (isSchedule(value) ? value : undefined),
);

function url(expected: string, isAllowed: (url: URL) => boolean) {
  return setting(
    `${expected}, without user, query or fragment`,
    (value) => {
      const parsed = URL.parse(value);
      if (!parsed || parsed.username || parsed.password || /[?#]/.test(value)) return undefined;
      return isAllowed(parsed) ? parsed.href.replace(/\/+$/, '') : undefined;
    },
    describeUrl,
  );
}

/** A base URL without its trailing slash: https, or http on this machine. */
export const baseUrl = url(
  'a URL with https:// (http:// for loopback only) that does not end in /v1',
  ({ protocol, hostname, pathname }) =>
    (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) &&
    !/\/v1\/*$/i.test(pathname),
);

/** A proxy's address; with a user or password in it only its length is shown. */
function describeProxy(text: string): string {
  return /^(?:[a-z][a-z\d+.-]{0,20}:\/\/)?[\w.-]{1,100}(?::\d{1,6})?\/?$/i.test(text)
    ? `"${text}"`
    : lengthOf(text);
}

/** The URL of a proxy; its user and password are secrets. */
export const proxyUrl = setting(
  "a proxy's URL with http:// or https://, such as http://proxy.example.com:8080",
  (value) => {
    const parsed = URL.parse(value);
    if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) return undefined;
    return parsed.pathname === '/' && canBeSent(parsed) ? new Secret(parsed.href) : undefined;
  },
  describeProxy,
);

/** Whether user and password can be decoded, as they are before they are sent. */
function canBeSent({ username, password }: URL): boolean {
  try {
    return decodeURIComponent(username + password) !== undefined;
  } catch {
    return false;
  }
}

/** A list separated by commas or white space. */
export const list = (expected: string) =>
  setting(expected, (value) => value.split(/[\s,]+/).filter((item) => item !== ''));

/** The URL of a vault, without path: not that of one of its secrets. */
export const vaultUrl = url(
  'the URL of a vault with https:// and without a path',
  ({ protocol, pathname }) => protocol === 'https:' && pathname === '/',
);

/** A storage connection string that the table client can read. */
export const connectionString = secret(
  'a storage connection string (DefaultEndpointsProtocol, AccountName, AccountKey and EndpointSuffix; ' +
    'TableEndpoint and SharedAccessSignature; or UseDevelopmentStorage=true)',
  (value) => {
    const parts = new Map(
      value.split(';').map((part) => {
        const at = part.indexOf('=');
        return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
      }),
    );
    const has = (...names: string[]) => names.every((name) => parts.get(name));
    return (
      parts.get('usedevelopmentstorage')?.toLowerCase() === 'true' ||
      (has('defaultendpointsprotocol', 'accountname', 'accountkey') &&
        (has('endpointsuffix') || has('tableendpoint'))) ||
      has('tableendpoint', 'sharedaccesssignature')
    );
  },
);
