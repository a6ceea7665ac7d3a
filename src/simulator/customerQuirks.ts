import type { SimulatedCustomer } from './customer.ts';
import { type Quirks, recordQuirks, valueQuirks } from './quirks.ts';
import { isOneIn, topics } from './random.ts';

const someCustomersOnly = { ...valueQuirks, ...recordQuirks };
const names = Object.keys(someCustomersOnly) as (keyof typeof someCustomersOnly)[];

/**
 * The quirks of a customer: those in `valueQuirks` and `recordQuirks` apply to one customer in
 * three, by the seed.
 */
export function quirksOf(
  { index }: Pick<SimulatedCustomer, 'index'>,
  quirks: Quirks,
  seed: number,
): Quirks {
  if (!names.some((name) => quirks[name])) return quirks;
  const met = { ...quirks };
  for (const name of names) {
    if (!isOneIn(3, seed, topics[name], index)) delete met[name];
  }
  return met;
}

/** Numbers the customers with a quirk: 0, 1, 2, …, so that its forms are used in turn. */
export function turnOf({ index }: Pick<SimulatedCustomer, 'index'>): number {
  return Math.floor(index / 3);
}
