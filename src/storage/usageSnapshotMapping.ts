import { clip } from '../text.ts';
import { present } from '../usage/present.ts';
import type {
  CustomerSnapshot,
  Outcome,
  PartnerSnapshot,
  SubscriptionSnapshot,
  UsageFigures,
  UsageSnapshot,
} from '../usage/usageSnapshot.ts';
import { type Columns, type Entity, longestColumn, text } from './columns.ts';
import { failureColumns, failureFrom, figureColumns, figuresFrom } from './figuresMapping.ts';
import {
  customerKey,
  customerRowKey,
  partnerPartition,
  partnerRowKey,
  type RowKeys,
  subscriptionRowKey,
} from './keys.ts';
import { type Row, RowReader } from './rowReader.ts';
import { subscriptionIdColumns, subscriptionIdsFrom } from './subscriptionIdsMapping.ts';

export const outcomes: readonly Outcome[] = ['usage', 'noUsage', 'refused', 'failed'];
const resources: readonly UsageSnapshot['resource'][] = ['partner', 'customer', 'subscription'];

/**
 * A row of `UsageByCustomer`: one resource on one day, with all that the API said.
 *
 * @throws RangeError when an id cannot be a key
 */
export function toUsageByCustomerEntity(snapshot: UsageSnapshot): Entity {
  return {
    ...usageByCustomerKeys(snapshot),
    ...snapshotColumns(snapshot),
    ...(snapshot.resource === 'customer' ? subscriptionIdColumns(snapshot.subscriptionIds) : {}),
    ...rawColumns(snapshot),
  };
}

/**
 * A row of either table that stands for a resource.
 *
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromUsageEntity(table: string, row: Row): UsageSnapshot {
  const reader = new RowReader(table, row);
  const outcome = reader.oneOf('outcome', outcomes);
  const snapshotDate = reader.date('snapshotDate');
  const figures = figuresFrom(reader, outcome, snapshotDate);
  const common = {
    snapshotDate,
    capturedAt: reader.string('capturedAt'),
    runId: reader.string('runId'),
    outcome,
    figures,
    failure: failureFrom(reader),
    raw: reader.optionalString('raw'),
    isRawTruncated: reader.optionalBoolean('rawTruncated'),
  };
  const resource = reader.oneOf('resource', resources);
  switch (resource) {
    case 'partner':
      return present({ resource, ...common });
    case 'customer':
      return present({ resource, ...common, ...customerFrom(reader, figures) });
    case 'subscription':
      return present({ resource, ...common, ...subscriptionFrom(reader) });
  }
}

/**
 * A row that has to be the partner's: `partner|<date>`.
 *
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromPartnerEntity(table: string, row: Row): PartnerSnapshot {
  const snapshot = fromUsageEntity(table, row);
  if (snapshot.resource === 'partner') return snapshot;
  return new RowReader(table, row).fail('resource', 'partner');
}

/**
 * A row that has to be a customer's: any of `UsageByDay`, or `customer|<date>`.
 *
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromCustomerEntity(table: string, row: Row): CustomerSnapshot {
  const snapshot = fromUsageEntity(table, row);
  if (snapshot.resource === 'customer') return snapshot;
  return new RowReader(table, row).fail('resource', 'customer');
}

/**
 * A row that has to be a subscription's: `subscription|<subscriptionId>|<date>`.
 *
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromSubscriptionEntity(table: string, row: Row): SubscriptionSnapshot {
  const snapshot = fromUsageEntity(table, row);
  if (snapshot.resource === 'subscription') return snapshot;
  return new RowReader(table, row).fail('resource', 'subscription');
}

function usageByCustomerKeys(snapshot: UsageSnapshot): RowKeys {
  const { snapshotDate } = snapshot;
  if (snapshot.resource === 'partner') {
    return { partitionKey: partnerPartition, rowKey: partnerRowKey(snapshotDate) };
  }
  return {
    partitionKey: customerKey(snapshot.customerId),
    rowKey:
      snapshot.resource === 'customer'
        ? customerRowKey(snapshotDate)
        : subscriptionRowKey(snapshot.subscriptionId, snapshotDate),
  };
}

/** What a snapshot says in either table, without what was received. */
export function snapshotColumns(snapshot: UsageSnapshot): Columns {
  const { figures, failure } = snapshot;
  return {
    resource: snapshot.resource,
    snapshotDate: snapshot.snapshotDate,
    capturedAt: text(snapshot.capturedAt),
    runId: text(snapshot.runId),
    outcome: snapshot.outcome,
    ...identityColumns(snapshot),
    ...(figures === undefined ? {} : figureColumns(figures)),
    ...(failure === undefined ? {} : failureColumns(failure)),
  };
}

function identityColumns(snapshot: UsageSnapshot): Columns {
  if (snapshot.resource === 'partner') return {};
  const customer = { customerId: snapshot.customerId, customerName: text(snapshot.customerName) };
  if (snapshot.resource === 'customer') {
    // Its figures, where there are some, write their own currency over the expected one.
    return present({ ...customer, currency: text(snapshot.expectedCurrency) });
  }
  return present({
    ...customer,
    subscriptionId: snapshot.subscriptionId,
    subscriptionName: text(snapshot.subscriptionName),
    subscriptionStatus: text(snapshot.subscriptionStatus),
    partnerOnRecord: text(snapshot.partnerOnRecord),
    offerId: text(snapshot.offerId),
  });
}

function customerFrom(reader: RowReader, figures: UsageFigures | undefined) {
  return {
    customerId: reader.string('customerId'),
    customerName: reader.string('customerName'),
    subscriptionIds: subscriptionIdsFrom(reader),
    expectedCurrency: figures === undefined ? reader.optionalString('currency') : undefined,
  };
}

function subscriptionFrom(reader: RowReader) {
  return {
    customerId: reader.string('customerId'),
    customerName: reader.string('customerName'),
    subscriptionId: reader.string('subscriptionId'),
    subscriptionName: reader.string('subscriptionName'),
    subscriptionStatus: reader.optionalString('subscriptionStatus'),
    partnerOnRecord: reader.optionalString('partnerOnRecord'),
    offerId: reader.optionalString('offerId'),
    rawUsageRecord: reader.optionalString('rawUsageRecord'),
  };
}

/** What was received, as far as a column can hold it. */
function rawColumns(snapshot: UsageSnapshot): Columns {
  const columns: Columns = snapshot.isRawTruncated ? { rawTruncated: true } : {};
  const rawUsageRecord = snapshot.resource === 'subscription' ? snapshot.rawUsageRecord : undefined;
  for (const [name, body] of Object.entries({ raw: snapshot.raw, rawUsageRecord })) {
    if (body === undefined) continue;
    columns[name] = clip(body, longestColumn);
    if (body.length > longestColumn) columns['rawTruncated'] = true;
  }
  return columns;
}
