/**
 * Randomness without state: each value is a hash of the seed and of what it belongs to, so that any
 * customer, day or request can be computed separately and is always the same.
 */

function mix(state: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = state ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(state: number): number {
  let h = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 32-bit unsigned integer that depends on every part (MurmurHash3's mixing steps). */
export function hash(seed: number, topic: number, a = 0, b = 0): number {
  return finish(mix(mix(mix(mix(0x9747b28c, seed), topic), a), b));
}

/** Uniform in [0, 1). */
export function unit(seed: number, topic: number, a = 0, b = 0): number {
  return hash(seed, topic, a, b) / 2 ** 32;
}

/** One of the choices, of which there must be at least one. */
export function pick<T>(choices: readonly T[], at: number): T {
  const choice = choices[at % choices.length];
  if (choice === undefined) throw new RangeError('nothing to pick from');
  return choice;
}

/**
 * Whether an index is the one of `many` that the seed selects. With a number that has no factor in
 * common with 20, the period of the kinds of customers, every kind is selected.
 */
export function isOneIn(many: number, seed: number, topic: number, index: number): boolean {
  return (index + hash(seed, topic)) % many === 0;
}

/** The purpose of each random value, so that those of one customer are independent. */
export const topics = {
  idHead: 1,
  idTail: 2,
  slot: 3,
  name: 4,
  currency: 5,
  budget: 6,
  spend: 7,
  noise: 8,
  digits: 9,
  modified: 10,
  licence: 11,
  partner: 12,
  period: 13,
  fault: 14,
  customerFails: 15,
  customerRefused: 16,
  latency: 17,
  serverId: 18,
  slow: 19,
  signInTrouble: 20,
  pascalCase: 21,
  defaultDates: 22,
  nullDates: 23,
  usDates: 24,
  spacedDates: 25,
  emptyUsd: 26,
  oddBudget: 27,
  nullNames: 28,
  emptyCurrencyCode: 29,
  noContentSummary: 30,
  doubledRecords: 31,
  foreignNames: 32,
  lateFigures: 33,
  currencyChanges: 34,
  costSpikes: 35,
  surplus: 36,
  azureSubscription: 37,
  resource: 38,
  resourceLife: 39,
  meter: 40,
  manyResources: 41,
  unassignedRecords: 42,
  doubleSpelling: 43,
  negativeRecords: 44,
  namelessRecords: 45,
  cancelledAzureSubscriptions: 46,
  recordsAhead: 47,
  missingCents: 48,
} as const;
