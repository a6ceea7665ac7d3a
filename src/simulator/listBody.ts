import type { SimulatedCustomer } from './customer.ts';
import { createGuid } from './guid.ts';
import { hash, topics } from './random.ts';
import { selfLink, subscriptionIdOf } from './usageBody.ts';

/** An item of `customers`. */
export function customerBody(customer: SimulatedCustomer) {
  return {
    id: customer.id,
    companyProfile: {
      tenantId: customer.id,
      domain: customer.domain,
      companyName: customer.name,
      links: selfLink(`/customers/${customer.id}/profiles/company`),
      attributes: { objectType: 'CustomerCompanyProfile' },
    },
    relationshipToPartner: 'reseller',
    links: selfLink(`/customers/${customer.id}`),
    attributes: { objectType: 'Customer' },
  };
}

/** A subscription that has no usage summary: a licence, or a reservation of virtual machines. */
export interface Licence {
  /** Lower case. */
  id: string;
  isReservation: boolean;
}

/** Each customer has one licence or two; some have a reservation besides. */
export function licencesOf(seed: number, customer: SimulatedCustomer): Licence[] {
  const draw = hash(seed, topics.licence, customer.index);
  const isReservation = [false, ...(draw % 2 ? [false] : []), ...(draw % 5 === 0 ? [true] : [])];
  return isReservation.map((each, place) => ({
    id: createGuid(seed, hash(draw, topics.licence, place), customer.index, 100 + place),
    isReservation: each,
  }));
}

/** `customers/{id}/subscriptions`: usage-based ones and all others. */
export function subscriptionsBody(seed: number, customer: SimulatedCustomer, isCountWrong = false) {
  const usage = customer.subscriptions.map((subscription) => {
    const id = subscriptionIdOf(customer, subscription);
    const isLegacy = customer.kind === 'legacy';
    return {
      id,
      entitlementId: id,
      offerId: subscription.offerId,
      offerName: subscription.name,
      friendlyName: subscription.name,
      ...(!isLegacy && {
        productType: {
          id: 'Azure',
          displayName: 'Azure',
          subType: { id: 'Azure', displayName: 'Azure' },
        },
      }),
      quantity: 1,
      unitType: 'Usage-based',
      ...(subscription.partnerOnRecord && { partnerId: subscription.partnerOnRecord }),
      creationDate: '2021-05-10T07:30:05.427Z',
      effectiveStartDate: '2021-05-10T00:00:00Z',
      commitmentEndDate: '9999-12-10T00:00:00Z',
      status: subscription.status,
      autoRenewEnabled: false,
      billingType: 'usage',
      contractType: 'subscription',
      ...tail(customer, id),
    };
  });
  const items = [
    ...usage,
    ...licencesOf(seed, customer).map((each) => licenceBody(customer, each)),
  ];
  return {
    totalCount: items.length + (isCountWrong ? 7 : 0),
    items,
    links: selfLink(`/customers/${customer.id}/subscriptions`),
    attributes: { objectType: 'Collection' },
  };
}

function licenceBody(customer: SimulatedCustomer, { id, isReservation }: Licence) {
  const name = isReservation ? 'Reserved VM Instance, Standard_D2s_v3' : 'Microsoft 365 E3';
  return {
    id,
    offerId: isReservation ? 'DZH318Z0BQ4B:00H8:DZH318Z0D1PZ' : 'CFQ7TTC0LFLX:0001:CFQ7TTC0KJ3N',
    offerName: name,
    friendlyName: name,
    productType: isReservation
      ? {
          id: 'Azure',
          displayName: 'Azure',
          subType: { id: 'VirtualMachines', displayName: 'Reserved VM Instance' },
        }
      : { id: 'OnlineServicesNCE', displayName: 'OnlineServicesNCE' },
    quantity: 5,
    unitType: 'Licenses',
    creationDate: '2024-02-01T09:12:44.1Z',
    effectiveStartDate: '2024-02-01T00:00:00Z',
    commitmentEndDate: '2027-01-31T00:00:00Z',
    status: 'active',
    autoRenewEnabled: true,
    billingType: 'license',
    billingCycle: isReservation ? 'one-time' : 'monthly',
    termDuration: isReservation ? 'P3Y' : 'P1Y',
    contractType: 'subscription',
    ...tail(customer, id),
  };
}

function tail(customer: SimulatedCustomer, id: string) {
  return {
    links: selfLink(`/customers/${customer.id}/subscriptions/${id}`),
    orderId: createGuid(customer.index, hash(customer.index, topics.licence), customer.index),
    attributes: { etag: 'eyJ2ZXJzaW9uIjoxfQ==', objectType: 'Subscription' },
  };
}
