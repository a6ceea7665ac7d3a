import { hash, topics } from './random.ts';

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(8, '0').slice(-digits);
}

/** A GUID in the format of version 4, in lower case. `head` is its first group, 32 bits. */
export function createGuid(seed: number, head: number, ...parts: [number, number?]): string {
  const [a, b = 0] = parts;
  const one = hash(seed, topics.idTail, a, b);
  const two = hash(one, topics.idTail, a, b);
  const three = hash(two, topics.idTail, a, b);
  const variant = (8 + (two & 3)).toString(16);
  const tail = `${hex(one, 4)}-4${hex(one >>> 16, 3)}-${variant}${hex(two >>> 16, 3)}`;
  return `${hex(head, 8)}-${tail}-${hex(three, 8)}${hex(two, 4)}`;
}

export const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Odd, so that it has an inverse modulo 2^32. */
const factor = 0x9e3779b1;
const inverse = 0x0e8b2f51;

/** Scatters an index over 32 bits. */
export function encodeIndex(seed: number, index: number): number {
  return Math.imul(index ^ hash(seed, topics.idHead), factor) >>> 0;
}

/** Inverts {@link encodeIndex}, so that a customer is found by its id without a map of all. */
export function decodeIndex(seed: number, head: number): number {
  return (Math.imul(head, inverse) ^ hash(seed, topics.idHead)) >>> 0;
}
