import type { Entity } from '../../src/storage/columns.ts';
import { toUsageByCustomerEntity } from '../../src/storage/usageRows.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import { addDays } from '../../src/usage/date.ts';
import type { UsageFigures } from '../../src/usage/usageSnapshot.ts';

/** A customer and its two subscriptions, some 13 months. */
const days = 400;
const resources = 3;
const rowsPerCustomer = days * resources;

/** The row of `UsageByCustomer` with this number, as a table service writes it: some 2 KB. */
export function generatedRow(number: number): string {
  const customer = Math.floor(number / rowsPerCustomer);
  const resource = Math.floor(number / days) % resources;
  const date = addDays('2025-01-01', number % days);
  return toText(toUsageByCustomerEntity(snapshotOf(customer, resource, date, number)));
}

function snapshotOf(customer: number, resource: number, date: string, number: number) {
  const customerId = guid(customer);
  const totalCost = parseAmount(`${number % 9_973}.82860766744404945074`);
  const id = resource === 0 ? customerId : guid(customer * 2 + resource);
  const common = {
    snapshotDate: date,
    capturedAt: `${date}T02:30:07.123Z`,
    runId: `${date.replaceAll('-', '')}T023000Z-1`,
    outcome: 'usage',
    customerId,
    customerName: `Müller & Söhne ${customer}`,
    figures: figuresOf(date, totalCost),
    raw: bodyOf(id, date, totalCost),
  } as const;
  if (resource === 0) {
    const subscriptionIds = [guid(customer * 2 + 1), guid(customer * 2 + 2)];
    return { ...common, resource: 'customer', subscriptionIds } as const;
  }
  return {
    ...common,
    resource: 'subscription',
    subscriptionId: id,
    subscriptionName: 'Azure plan',
    subscriptionStatus: 'active',
    partnerOnRecord: '4711',
    offerId: 'DZH318Z0BPS6:0001:DZH318Z0BML6',
    rawUsageRecord: bodyOf(id, date, totalCost),
  } as const;
}

function figuresOf(date: string, totalCost: UsageFigures['totalCost']): UsageFigures {
  return {
    plan: 'azurePlan',
    totalCost,
    usdTotalCost: parseAmount('35.23000000000000362337'),
    currency: 'EUR',
    currencyCode: 'EUR',
    currencyLocale: 'de-DE',
    budgetAmount: parseAmount('500'),
    percentUsed: 5.77,
    billingStartDate: `${date.slice(0, 7)}-01T00:00:00+00:00`,
    billingEndDate: `${date.slice(0, 7)}-28T00:00:00+00:00`,
    lastModifiedDate: `${date}T01:03:41.7272436+00:00`,
  };
}

/** As long as the API's own bodies are. */
function bodyOf(id: string, date: string, totalCost: string): string {
  return (
    `{"resourceId":"${id}","resourceName":"Azure plan","billingStartDate":"${date}T00:00:00+00:00",` +
    `"billingEndDate":"${date}T00:00:00+00:00","totalCost":${totalCost},"currencyCode":"EUR",` +
    `"usdTotalCost":35.23000000000000362337,"lastModifiedDate":"${date}T01:03:41.7272436+00:00",` +
    `"links":{"self":{"uri":"/customers/${id}/subscriptions/${id}/usagesummary","method":"GET",` +
    '"headers":[]}},"attributes":{"objectType":"SubscriptionUsageSummary"}}'
  );
}

function guid(number: number): string {
  return `a0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function toText({ partitionKey, rowKey, ...columns }: Entity): string {
  const fields = Object.entries(columns).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.rawJSON(String(value.value)) : value,
  ]);
  return JSON.stringify({
    'odata.etag': 'W/"datetime\'2026-03-14T02%3A30%3A07.1234567Z\'"',
    PartitionKey: partitionKey,
    RowKey: rowKey,
    Timestamp: '2026-03-14T02:30:07.1234567Z',
    ...Object.fromEntries(fields),
  });
}
