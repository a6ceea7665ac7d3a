import type { SimulatedCustomer } from './customer.ts';
import type { Faults, Whom } from './faults.ts';
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
  whom: Whom | undefined,
  seed: number,
  topic: number,
): boolean {
  if (whom === undefined) return false;
  if ('rate' in whom) return unit(seed, topic, customer.index) < whom.rate;
  if ('oneIn' in whom) return isOneIn(whom.oneIn, seed, topic, customer.index);
  return whom.ids.some((id) => id.toLowerCase() === customer.id);
}
