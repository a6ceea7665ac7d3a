import type { Customer } from '../usage/customer.ts';

/** How a text names a customer, the closest first. All texts are in lower case. */
const ways: readonly ((customer: Customer, text: string) => boolean)[] = [
  ({ name, domain }, text) => name.toLowerCase() === text || domain?.toLowerCase() === text,
  ({ name }, text) => name.toLowerCase().includes(text),
  ({ domain }, text) => domain?.toLowerCase().includes(text) ?? false,
  ({ id }, text) => text.length >= shortestId && id.startsWith(text),
];

/** The first group of a GUID, as a narrow table shows it. */
const shortestId = 8;

/**
 * The customers that a text names, in any case: those of exactly this name or domain; where there
 * is none, those with it in their name; else those with it in their domain; else those whose id
 * begins with at least 8 characters of it.
 */
export function findNamed(text: string, customers: readonly Customer[]): Customer[] {
  // As it is copied from a table that has cut it.
  const lower = text.toLowerCase().replace(/…$/, '');
  for (const isNamed of ways) {
    const found = customers.filter((customer) => isNamed(customer, lower));
    if (found.length > 0) return found;
  }
  return [];
}
