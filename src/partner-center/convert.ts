import { type Amount, isZero } from '../usage/amount.ts';
import type { Customer } from '../usage/customer.ts';
import { present } from '../usage/present.ts';
import type { Subscription } from '../usage/subscription.ts';
import type { UnreadableField } from '../usage/unreadableField.ts';
import type { UsageDetail } from '../usage/usageDetails.ts';
import type { CustomerUsageRecord, SubscriptionUsageRecord } from '../usage/usageRecord.ts';
import type { UsageSummary } from '../usage/usageSummary.ts';
import { readBillingDates } from './billingDates.ts';
import type { Reading } from './tolerantReading.ts';
import type {
  WireCustomer,
  WireCustomerUsageRecord,
  WireSubscription,
  WireSubscriptionUsageRecord,
  WireUsageDetail,
  WireUsageSummary,
} from './wire.ts';

/**
 * From the API's names to the domain's. Ids become lower case, as the API uses both cases. `null`
 * and a blank text count as absent.
 */

const textOf = (text: string | null | undefined) => (text?.trim() ? text : undefined);

export function fromApiCustomer({ value: wire }: Reading<WireCustomer>): Customer {
  const { companyName } = wire.companyProfile ?? {};
  const domain = textOf(wire.companyProfile?.domain);
  const name = textOf(companyName) ?? domain ?? wire.id;
  return { id: wire.id.toLowerCase(), name, ...present({ domain }) };
}

export function fromApiSubscription({ value: wire }: Reading<WireSubscription>): Subscription {
  return {
    id: wire.id.toLowerCase(),
    name: textOf(wire.friendlyName) ?? textOf(wire.offerName) ?? wire.id,
    ...present({
      status: textOf(wire.status),
      partnerOnRecord: textOf(wire.partnerId),
      offerId: textOf(wire.offerId),
      unitType: textOf(wire.unitType),
      billingType: textOf(wire.billingType),
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
    customerId,
    customerName: nameOf(wire) ?? customerId,
    ...present({
      totalCost: wire.totalCost ?? undefined,
      currencyCode: textOf(wire.currencyCode),
      currencyLocale: textOf(wire.currencyLocale),
    }),
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
    ...present({
      totalCost: wire.totalCost ?? undefined,
      currencyCode: textOf(wire.currencyCode),
      currencyLocale: textOf(wire.currencyLocale),
    }),
    subscription: {
      id,
      name: nameOf(wire) ?? id,
      ...present({
        status: textOf(wire.status),
        partnerOnRecord: textOf(wire.partnerOnRecord),
        offerId: textOf(wire.offerId),
      }),
    },
    ...listed(costListed(wire, unreadable)),
    raw,
  };
}

export function fromApiUsageDetail({
  value: wire,
  unreadable,
}: Reading<WireUsageDetail>): UsageDetail {
  return {
    ...present({
      azureSubscriptionId: textOf(wire.entitlementId)?.trim().toLowerCase(),
      azureSubscriptionName: textOf(wire.entitlementName)?.trim(),
      totalCost: wire.totalCost ?? undefined,
      usdTotalCost: wire.usdTotalCost ?? undefined,
      currencyCode: textOf(wire.currencyCode),
      lastModifiedDate: wire.lastModifiedDate ?? undefined,
    }),
    ...listed(costListed(wire, unreadable)),
  };
}

function listed(unreadable: UnreadableField[]): { unreadable?: UnreadableField[] } {
  return unreadable.length > 0 ? { unreadable } : {};
}

/** Adds a missing cost of a record; other fields may be absent. */
function costListed(
  wire: { totalCost?: Amount | null | undefined },
  unreadable: UnreadableField[],
) {
  const field = 'totalCost';
  if (wire.totalCost || unreadable.some((each) => each.field === field)) return unreadable;
  return [{ field, kind: 'nothing' }, ...unreadable];
}

/** The figures beside the cost. */
function figuresBeside(wire: WireFigures) {
  const currencyCode = textOf(wire.currencyCode);
  return present({
    usdTotalCost: usdTotalCostOf(wire, currencyCode === undefined),
    currencyCode,
    currencyLocale: textOf(wire.currencyLocale),
    lastModifiedDate: wire.lastModifiedDate ?? undefined,
  });
}

type WireFigures = Pick<
  WireUsageSummary,
  'usdTotalCost' | 'currencyCode' | 'currencyLocale' | 'lastModifiedDate'
>;

/** Legacy records (those with a locale) carry 0 beside a cost: it means "not available". */
function usdTotalCostOf({ usdTotalCost }: WireFigures, isLegacy: boolean): Amount | undefined {
  if (!usdTotalCost || (isLegacy && isZero(usdTotalCost))) return undefined;
  return usdTotalCost;
}

function budgetOf({ budget }: Pick<WireUsageSummary, 'budget'>): Amount | undefined {
  return budget?.amount ?? budget?.ammount ?? undefined;
}

function nameOf(wire: Pick<WireUsageSummary, 'resourceName' | 'name'>): string | undefined {
  return textOf(wire.resourceName) ?? textOf(wire.name);
}

/** The schema ensures that one of the two is present. */
function idOf(wire: Pick<WireCustomerUsageRecord, 'resourceId' | 'id'>): string {
  return (wire.id ?? wire.resourceId ?? '').toLowerCase();
}
