import type { SimulatedCustomer } from './customer.ts';
import type { CustomerSelection, Faults } from './faults.ts';
import { isOneIn, topics, unit } from './random.ts';

/** How all requests about a customer fail. */
export type CustomerFault = 'failed' | 'refused';

/** Failing takes precedence over refusing. Depends only on the customer, not on the request. */
export function customerFaultOf(
  customer: SimulatedCustomer,
  faults: Faults,
  seed: number,
): CustomerFault | undefined {
  if (isMet(customer, faults.customerFails, seed, topics.customerFails)) return 'failed';
  if (isMet(customer, faults.customerRefused, seed, topics.customerRefused)) return 'refused';
  return undefined;
}

function isMet(
  customer: SimulatedCustomer,
  selection: CustomerSelection | undefined,
  seed: number,
  topic: number,
): boolean {
  if (selection === undefined) return false;
  if ('rate' in selection) return unit(seed, topic, customer.index) < selection.rate;
  if ('oneIn' in selection) return isOneIn(selection.oneIn, seed, topic, customer.index);
  return selection.ids.some((id) => id.toLowerCase() === customer.id);
}
