import { makeAwkward } from './awkwardValues.ts';
import type { SimulatedCustomer } from './customer.ts';
import { turnOf } from './customerQuirks.ts';
import type { Quirks } from './quirks.ts';
import { selfLink } from './usageBody.ts';

/** An item of `customers`. */
export function customerBody(customer: SimulatedCustomer, quirks: Quirks) {
  const companyProfile = {
    tenantId: customer.id,
    domain: customer.domain,
    companyName: customer.name,
    links: selfLink(`/customers/${customer.id}/profiles/company`),
    attributes: { objectType: 'CustomerCompanyProfile' },
  };
  return {
    id: customer.id,
    companyProfile: makeAwkward(companyProfile, quirks, turnOf(customer)),
    relationshipToPartner: 'reseller',
    links: selfLink(`/customers/${customer.id}`),
    attributes: { objectType: 'Customer' },
  };
}
