import { type Amount, isZero } from '../usage/amount.ts';
import type { Customer } from '../usage/customer.ts';
import { present } from '../usage/present.ts';
import type { Subscription } from '../usage/subscription.ts';
import type { CustomerUsageRecord, SubscriptionUsageRecord } from '../usage/usageRecord.ts';
import type { UsageSummary } from '../usage/usageSummary.ts';
import type {
  WireCustomer,
  WireCustomerUsageRecord,
  WireSubscription,
  WireSubscriptionUsageRecord,
  WireUsageSummary,
} from './wire.ts';

/** From the API's names to the domain's. Ids become lower case: the API is not of one mind. */

export function fromApiCustomer(wire: WireCustomer): Customer {
  const { companyName, domain } = wire.companyProfile ?? {};
  return { id: wire.id.toLowerCase(), name: companyName || domain || wire.id };
}

export function fromApiSubscription(wire: WireSubscription): Subscription {
  return {
    id: wire.id.toLowerCase(),
    name: wire.friendlyName || wire.offerName || wire.id,
    ...present({
      status: wire.status,
      partnerOnRecord: wire.partnerId,
      offerId: wire.offerId,
      unitType: wire.unitType,
      billingType: wire.billingType,
    }),
  };
}

export function fromApiUsageSummary(wire: WireUsageSummary, raw: string): UsageSummary {
  return {
    ...figuresOf(wire),
    ...present({ name: nameOf(wire), budgetAmount: budgetOf(wire) }),
    billingStartDate: wire.billingStartDate,
    billingEndDate: wire.billingEndDate,
    raw,
  };
}

export function fromApiCustomerUsageRecord(wire: WireCustomerUsageRecord): CustomerUsageRecord {
  const customerId = idOf(wire);
  return {
    ...figuresOf(wire),
    ...present({ budgetAmount: budgetOf(wire) }),
    customerId,
    customerName: nameOf(wire) ?? customerId,
  };
}

/** @param raw the record as received */
export function fromApiSubscriptionUsageRecord(
  wire: WireSubscriptionUsageRecord,
  raw: string,
): SubscriptionUsageRecord {
  const id = idOf(wire);
  return {
    ...figuresOf(wire),
    subscription: {
      id,
      name: nameOf(wire) ?? id,
      ...present({
        status: wire.status,
        partnerOnRecord: wire.partnerOnRecord,
        offerId: wire.offerId,
      }),
    },
    raw,
  };
}

function figuresOf(wire: WireCost) {
  return {
    totalCost: wire.totalCost,
    ...present({
      usdTotalCost: usdTotalCostOf(wire),
      currencyCode: wire.currencyCode,
      currencyLocale: wire.currencyLocale,
      lastModifiedDate: wire.lastModifiedDate,
    }),
  };
}

type WireCost = Pick<
  WireUsageSummary,
  'totalCost' | 'usdTotalCost' | 'currencyCode' | 'currencyLocale' | 'lastModifiedDate'
>;

/** Legacy records (those with a locale) carry 0 beside a cost: it means "not available". */
function usdTotalCostOf(wire: WireCost): Amount | undefined {
  const { usdTotalCost } = wire;
  const isLegacy = wire.currencyCode === undefined;
  return usdTotalCost !== undefined && isLegacy && isZero(usdTotalCost) ? undefined : usdTotalCost;
}

function budgetOf(wire: { budget?: WireUsageSummary['budget'] }): Amount | undefined {
  return wire.budget?.amount ?? wire.budget?.ammount ?? undefined;
}

function nameOf(wire: { resourceName?: string | undefined; name?: string | undefined }) {
  return wire.resourceName || wire.name || undefined;
}

/** The schema has seen to it that one of the two is there. */
function idOf(wire: { resourceId?: string | undefined; id?: string | undefined }): string {
  return (wire.id || wire.resourceId || '').toLowerCase();
}
