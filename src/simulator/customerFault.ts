import type { SimulatedCustomer } from './customer.ts';
import type { CustomerSelection, Faults } from './faults.ts';
import { isOneIn, topics, unit } from './random.ts';

/** What a fault makes of everything that is asked of a customer. */
export type CustomerFault = 'failed' | 'refused';

/** Failing goes before refusing. The same for every request: it hangs on the customer alone. */
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
