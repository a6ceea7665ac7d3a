import { makeAwkward } from './awkwardValues.ts';
import type { SimulatedCustomer, SimulatedSubscription } from './customer.ts';
import { turnOf } from './customerQuirks.ts';
import { createGuid } from './guid.ts';
import type { Quirks } from './quirks.ts';
import { hash, topics } from './random.ts';
import { linkTo, selfLink, subscriptionIdOf } from './usageBody.ts';

/** A subscription that has no usage summary: a licence, or a reservation of virtual machines. */
export interface Licence {
  /** Lower case. */
  id: string;
  isReservation: boolean;
}

/** Each customer has one or two licences; some also have a reservation. */
export function licencesOf(seed: number, customer: SimulatedCustomer): Licence[] {
  const draw = hash(seed, topics.licence, customer.index);
  const isReservation = [false, ...(draw % 2 ? [false] : []), ...(draw % 5 === 0 ? [true] : [])];
  return isReservation.map((each, place) => ({
    id: createGuid(seed, hash(draw, topics.licence, place), customer.index, 100 + place),
    isReservation: each,
  }));
}

/** `customers/{id}/subscriptions`: usage-based ones and all others. */
export function subscriptionsBody(seed: number, customer: SimulatedCustomer, quirks: Quirks) {
  const items = [
    ...customer.subscriptions.map((each) => usageBody(customer, each)),
    ...licencesOf(seed, customer).map((each) => licenceBody(customer, each)),
  ];
  return {
    totalCount: items.length + (quirks.wrongTotalCount ? 7 : 0),
    items: items.map((item) => makeAwkward(item, quirks, turnOf(customer))),
    links: selfLink(`/customers/${customer.id}/subscriptions`),
    attributes: { objectType: 'Collection' },
  };
}

const azure = { id: 'Azure', displayName: 'Azure' };

function usageBody(customer: SimulatedCustomer, subscription: SimulatedSubscription) {
  const id = subscriptionIdOf(customer, subscription);
  const { offerId, name, partnerOnRecord, status } = subscription;
  const isLegacy = customer.kind === 'legacy';
  return {
    id,
    entitlementId: id,
    offerId,
    offerName: name,
    friendlyName: name,
    ...(!isLegacy && { productType: { ...azure, subType: azure } }),
    quantity: 1,
    unitType: 'Usage-based',
    ...common,
    creationDate: '2021-05-10T07:30:05.427Z',
    effectiveStartDate: '2021-05-10T00:00:00Z',
    commitmentEndDate: '9999-12-10T00:00:00Z',
    status,
    autoRenewEnabled: false,
    billingType: 'usage',
    billingCycle: 'monthly',
    termDuration: 'P1M',
    ...(partnerOnRecord && { partnerId: partnerOnRecord }),
    ...tail(customer, id, offerId),
  };
}

function licenceBody(customer: SimulatedCustomer, { id, isReservation }: Licence) {
  const name = isReservation ? 'Reserved VM Instance, Standard_D2s_v3' : 'Microsoft 365 E3';
  const offerId = isReservation
    ? 'DZH318Z0BQ4B:00H8:DZH318Z0D1PZ'
    : 'CFQ7TTC0LFLX:0001:CFQ7TTC0KJ3N';
  return {
    id,
    offerId,
    offerName: name,
    friendlyName: name,
    productType: isReservation
      ? { ...azure, subType: { id: 'VirtualMachines', displayName: 'Reserved VM Instance' } }
      : { id: 'OnlineServicesNCE', displayName: 'OnlineServicesNCE' },
    quantity: 5,
    unitType: 'Licenses',
    ...common,
    creationDate: '2024-02-01T09:12:44.1Z',
    effectiveStartDate: '2024-02-01T00:00:00Z',
    commitmentEndDate: '2027-01-31T00:00:00Z',
    status: 'active',
    autoRenewEnabled: true,
    billingType: 'license',
    billingCycle: isReservation ? 'one_time' : 'monthly',
    termDuration: isReservation ? 'P3Y' : 'P1Y',
    ...tail(customer, id, offerId),
  };
}

const common = {
  hasPurchasableAddons: false,
  isTrial: false,
  isMicrosoftProduct: true,
  contractType: 'subscription',
};

function tail(customer: SimulatedCustomer, id: string, offerId: string) {
  return {
    links: {
      ...catalogLinks(offerId),
      ...selfLink(`/customers/${customer.id}/subscriptions/${id}`),
    },
    orderId: createGuid(customer.index, hash(customer.index, topics.licence), customer.index),
    attributes: { etag: 'eyJ2ZXJzaW9uIjoxfQ==', objectType: 'Subscription' },
  };
}

/**
 * Catalog links of an offer: a legacy one has its own, others have product, SKU and availability.
 */
function catalogLinks(offerId: string) {
  const [product, sku, availability] = offerId.split(':');
  if (sku === undefined) return { offer: linkTo(`/offers/${offerId}?country=US`) };
  const path = `/products/${product}`;
  return {
    product: linkTo(`${path}?country=US`),
    sku: linkTo(`${path}/skus/${sku}?country=US`),
    availability: linkTo(`${path}/skus/${sku}/availabilities/${availability}?country=US`),
  };
}
