import type { SimulatedCustomer } from './customer.ts';
import { rawNumber, type Scaled, timesRate, toLiteral } from './decimal.ts';
import type { DetailRecord, Details } from './details.ts';
import { createGuid } from './guid.ts';
import type { Quirks } from './quirks.ts';
import { hash, topics } from './random.ts';
import { linkTo, subscriptionIdOf } from './usageBody.ts';

/** `resourceusagerecords` of an Azure plan. */
export function resourceRecordsBody(
  customer: SimulatedCustomer,
  subscription: SimulatedCustomer['subscriptions'][number],
  details: Details,
  quirks: Quirks,
) {
  const planId = subscriptionIdOf(customer, subscription, quirks);
  const items = details.records.map((record) =>
    resourceItem(customer, record, { planId, details, quirks }),
  );
  return collection(
    items,
    `/customers/${customer.id}/subscriptions/${planId}/resourceusagerecords`,
  );
}

interface ItemParts {
  planId: string;
  details: Details;
  quirks: Quirks;
}

function resourceItem(
  customer: SimulatedCustomer,
  record: DetailRecord,
  { planId, details, quirks }: ItemParts,
) {
  const { resource, totalCost, isUnassigned, isLowerCase } = record;
  const [provider = '', ...kinds] = resource.type.split('/');
  const names = resource.name.split('/');
  const path = kinds.map((kind, at) => `${kind}/${names[at]}`).join('/');
  const group = isLowerCase ? resource.group : resource.group.toUpperCase();
  const id = quirks.upperCaseIds
    ? resource.azureSubscriptionId.toUpperCase()
    : resource.azureSubscriptionId;
  const uri = `/subscriptions/${id}/resourceGroups/${group}/providers/${provider}/${path}`;
  const name = isUnassigned ? '' : (names.at(-1) ?? '');
  return {
    subscriptionId: planId,
    resourceUri: isUnassigned ? '' : uri,
    resourceType: isUnassigned ? null : provider,
    entitlementId: isUnassigned ? null : id,
    entitlementName: isUnassigned || quirks.namelessRecords ? null : resource.azureSubscriptionName,
    resourceGroupName: isUnassigned || quirks.namelessRecords ? null : group,
    name,
    resourceName: name,
    totalCost: rawNumber(toLiteral(totalCost)),
    ...('currencyCode' in customer.currency && { currencyCode: customer.currency.currencyCode }),
    usdTotalCost: rawNumber(centsLiteral(timesRate(totalCost, customer.currency.usdRate ?? 1))),
    lastModifiedDate: details.lastModifiedDate,
    attributes: { objectType: 'ResourceUsageRecord' },
  };
}

/** Whole cents, one in three with the noise of a double. */
function centsLiteral(usd: Scaled): string {
  const cents = (usd + (usd < 0n ? -1n : 1n) * (5n * 10n ** 17n)) / 10n ** 18n;
  const noise = cents !== 0n && cents % 3n === 0n ? (cents < 0n ? -10_000n : 10_000n) : 0n;
  return toLiteral(cents * 10n ** 18n + noise);
}

/** `meterusagerecords`, and `usagerecords/resources` in its older shape. */
export function meterRecordsBody(
  customer: SimulatedCustomer,
  subscription: SimulatedCustomer['subscriptions'][number],
  details: Details,
  { isFormer }: { isFormer: boolean },
) {
  const id = subscriptionIdOf(customer, subscription);
  const items = details.records.map((record) => meterItem(customer, id, record, details));
  const route = isFormer ? 'usagerecords/resources' : 'meterusagerecords';
  return collection(items, `/customers/${customer.id}/subscriptions/${id}/${route}`);
}

function meterItem(
  customer: SimulatedCustomer,
  subscriptionId: string,
  { resource, totalCost }: DetailRecord,
  { lastModifiedDate }: Details,
) {
  const { place, type, name } = resource;
  const [provider = '', kind = ''] = type.split('/');
  const cost = {
    category: provider.replace('Microsoft.', ''),
    subcategory: kind,
    quantityUsed: 1 + (hash(place, topics.resources, 5) % 1_000) / 8,
    unit: '1 GB/Month',
    totalCost: rawNumber(toLiteral(totalCost)),
  };
  if ('currencyCode' in customer.currency) {
    const meterId = `DZH318Z0BNVX-${String(place).padStart(4, '0')}-${kind} (GB/s)`;
    const { currencyCode } = customer.currency;
    const attributes = { objectType: 'MeterUsageRecord' };
    return {
      ...{ subscriptionId, meterId, meterName: name, ...cost, currencyCode },
      usdTotalCost: rawNumber(centsLiteral(timesRate(totalCost, customer.currency.usdRate ?? 1))),
      lastModifiedDate,
      attributes,
    };
  }
  return {
    ...cost,
    id: createGuid(customer.index, hash(place, topics.resources, 6), place),
    name,
    currencyLocale: customer.currency.currencyLocale,
    attributes: { objectType: 'AzureResourceMonthlyUsageRecord' },
  };
}

function collection(items: readonly unknown[], uri: string) {
  return {
    totalCount: items.length,
    items,
    links: { self: linkTo(uri) },
    attributes: { objectType: 'Collection' },
  };
}
