import { type Amount, isZero } from '../usage/amount.ts';
import type { Customer } from '../usage/customer.ts';
import { present } from '../usage/present.ts';
import type { Subscription } from '../usage/subscription.ts';
import type { UnreadableField } from '../usage/unreadableField.ts';
import type { CustomerUsageRecord, SubscriptionUsageRecord } from '../usage/usageRecord.ts';
import type { UsageSummary } from '../usage/usageSummary.ts';
import { readBillingDates } from './billingDates.ts';
import type { Reading } from './tolerantReading.ts';
import type {
  WireCustomer,
  WireCustomerUsageRecord,
  WireSubscription,
  WireSubscriptionUsageRecord,
  WireUsageSummary,
} from './wire.ts';

/** From the API's names to the domain's. Ids become lower case: the API is not of one mind. */

export function fromApiCustomer({ value: wire }: Reading<WireCustomer>): Customer {
  const { companyName, domain } = wire.companyProfile ?? {};
  return { id: wire.id.toLowerCase(), name: companyName ?? domain ?? wire.id };
}

export function fromApiSubscription({ value: wire }: Reading<WireSubscription>): Subscription {
  return {
    id: wire.id.toLowerCase(),
    name: wire.friendlyName ?? wire.offerName ?? wire.id,
    ...present({
      status: wire.status,
      partnerOnRecord: wire.partnerId,
      offerId: wire.offerId,
      unitType: wire.unitType,
      billingType: wire.billingType,
    }),
  };
}

/**
 * @param raw the body as received
 * @param today the UTC date of reading, `yyyy-MM-dd`
 */
export function fromApiUsageSummary(
  { value: wire, unreadable }: Reading<WireUsageSummary>,
  raw: string,
  today: string,
): UsageSummary {
  const dates = readBillingDates(wire, today);
  return {
    totalCost: wire.totalCost,
    ...figuresBeside(wire),
    ...present({ name: nameOf(wire), budgetAmount: budgetOf(wire) }),
    ...dates.period,
    ...listed([...unreadable, ...dates.unreadable]),
    raw,
  };
}

export function fromApiCustomerUsageRecord({
  value: wire,
  unreadable,
}: Reading<WireCustomerUsageRecord>): CustomerUsageRecord {
  const customerId = idOf(wire);
  return {
    ...present({ totalCost: wire.totalCost, budgetAmount: budgetOf(wire) }),
    ...figuresBeside(wire),
    customerId,
    customerName: nameOf(wire) ?? customerId,
    ...listed(costListed(wire, unreadable)),
  };
}

/** @param raw the record as received */
export function fromApiSubscriptionUsageRecord(
  { value: wire, unreadable }: Reading<WireSubscriptionUsageRecord>,
  raw: string,
): SubscriptionUsageRecord {
  const id = idOf(wire);
  return {
    ...present({ totalCost: wire.totalCost }),
    ...figuresBeside(wire),
    subscription: {
      id,
      name: nameOf(wire) ?? id,
      ...present({
        status: wire.status,
        partnerOnRecord: wire.partnerOnRecord,
        offerId: wire.offerId,
      }),
    },
    ...listed(costListed(wire, unreadable)),
    raw,
  };
}

function listed(unreadable: UnreadableField[]): { unreadable?: UnreadableField[] } {
  return unreadable.length > 0 ? { unreadable } : {};
}

/** Of all fields of a record its cost alone is missed where it is absent. */
function costListed(wire: { totalCost?: Amount | undefined }, unreadable: UnreadableField[]) {
  const field = 'totalCost';
  if (wire.totalCost !== undefined || unreadable.some((each) => each.field === field)) {
    return unreadable;
  }
  return [{ field, kind: 'nothing' }, ...unreadable];
}

/** The figures beside the cost. */
function figuresBeside(wire: WireFigures) {
  return present({
    usdTotalCost: usdTotalCostOf(wire),
    currencyCode: wire.currencyCode,
    currencyLocale: wire.currencyLocale,
    lastModifiedDate: wire.lastModifiedDate,
  });
}

type WireFigures = Pick<
  WireUsageSummary,
  'usdTotalCost' | 'currencyCode' | 'currencyLocale' | 'lastModifiedDate'
>;

/** Legacy records (those with a locale) carry 0 beside a cost: it means "not available". */
function usdTotalCostOf(wire: WireFigures): Amount | undefined {
  const { usdTotalCost } = wire;
  const isLegacy = wire.currencyCode === undefined;
  return usdTotalCost !== undefined && isLegacy && isZero(usdTotalCost) ? undefined : usdTotalCost;
}

function budgetOf({ budget }: { budget?: WireUsageSummary['budget'] }): Amount | undefined {
  return budget?.amount ?? budget?.ammount;
}

function nameOf(wire: { resourceName?: string | undefined; name?: string | undefined }) {
  return wire.resourceName ?? wire.name;
}

/** The schema has seen to it that one of the two is there. */
function idOf(wire: { resourceId?: string | undefined; id?: string | undefined }): string {
  return (wire.id ?? wire.resourceId ?? '').toLowerCase();
}
