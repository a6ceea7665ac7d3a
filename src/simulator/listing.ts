import type { Population, SimulatedCustomer } from './customer.ts';
import type { Quirks } from './quirks.ts';
import { hash, topics } from './random.ts';

/** Whether the customer list names a customer; it leaves out only customers with usage. */
export function isListed(
  customer: Pick<SimulatedCustomer, 'index' | 'kind'>,
  seed: number,
  quirks: Quirks,
): boolean {
  if (!quirks.unlistedCustomers || customer.kind === 'licensesOnly') return true;
  return (customer.index + hash(seed, topics.partner, 1)) % 6 !== 0;
}

/** Whether `customers/usagerecords` names a customer. */
export function hasUsageRecord(customer: SimulatedCustomer): boolean {
  return customer.kind !== 'licensesOnly';
}

/** Up to `size` customers from an index on, and where the next page begins. */
export function takePage(
  population: Population,
  fromIndex: number,
  size: number,
  belongs: (customer: SimulatedCustomer) => boolean,
): { customers: SimulatedCustomer[]; nextIndex: number | undefined } {
  const customers: SimulatedCustomer[] = [];
  for (let index = fromIndex; index < population.count; index++) {
    const customer = population.at(index);
    if (!belongs(customer)) continue;
    if (customers.length === size) return { customers, nextIndex: index };
    customers.push(customer);
  }
  return { customers, nextIndex: undefined };
}
