import { isBillingPeriod } from '../usage/billingPeriod.ts';
import { isDate } from '../usage/date.ts';
import {
  type AnomalyRow,
  anomalyRowShape,
  type LedgerRow,
  ledgerRowShape,
  type RankedRow,
  rankedRowShape,
} from '../usage/ledgerRow.ts';
import { type RecordedDay, recordedDayShape } from '../usage/recordedDay.ts';
import { omit } from '../usage/rowShape.ts';
import {
  type CustomerSnapshot,
  customerSnapshotShape,
  type PartnerSnapshot,
  partnerSnapshotShape,
  type SubscriptionSnapshot,
  subscriptionSnapshotShape,
  type UsageSnapshot,
} from '../usage/usageSnapshot.ts';
import { type Entity, longestColumn } from './columns.ts';
import {
  customerKey,
  customerRowKey,
  dateKey,
  partnerPartition,
  partnerRowKey,
  subscriptionRowKey,
} from './keys.ts';
import { ColumnCodec, createRowCodec } from './rowCodec.ts';
import { type Row, RowReader } from './rowReader.ts';

const resources = ['partner', 'customer', 'subscription'] as const;

const partnerRow = createRowCodec(partnerSnapshotShape, ({ snapshotDate }) => ({
  partitionKey: partnerPartition,
  rowKey: partnerRowKey(snapshotDate),
}));
const customerRow = createRowCodec(customerSnapshotShape, ({ customerId, snapshotDate }) => ({
  partitionKey: customerKey(customerId),
  rowKey: customerRowKey(snapshotDate),
}));
const subscriptionRow = createRowCodec(
  subscriptionSnapshotShape,
  ({ customerId, subscriptionId, snapshotDate }) => ({
    partitionKey: customerKey(customerId),
    rowKey: subscriptionRowKey(subscriptionId, snapshotDate),
  }),
);
/** Without the bodies as received. */
const dayRow = createRowCodec(
  omit(ledgerRowShape, 'subscriptionIds', 'raw', 'isRawTruncated'),
  ({ customerId, snapshotDate }) => ({
    partitionKey: dateKey(snapshotDate),
    rowKey: customerKey(customerId),
  }),
);
const historyRow = new ColumnCodec(recordedDayShape);
const rankingRow = new ColumnCodec(rankedRowShape);
const anomalyRow = new ColumnCodec(anomalyRowShape);

/** The columns that a history reads of a customer's or subscription's row in `UsageByCustomer`. */
export const historyColumns = historyRow.columns;
/** The columns that a ranking reads of a row in `UsageByDay`. */
export const rankingColumns = rankingRow.columns;
/** The columns that a list of anomalies reads of a row in `UsageByDay`. */
export const anomalyColumns = anomalyRow.columns;

/**
 * A row of `UsageByCustomer`: one resource on one day, with the bodies of the API.
 *
 * @throws RangeError when an id cannot be a key
 */
export function toUsageByCustomerEntity(snapshot: UsageSnapshot): Entity {
  const row = withTruncation(snapshot);
  switch (row.resource) {
    case 'partner':
      return partnerRow.toEntity(row);
    case 'customer':
      return customerRow.toEntity(row);
    case 'subscription':
      return subscriptionRow.toEntity(row);
  }
}

/**
 * A row of `UsageByDay`: one customer in the ledger of a day, without the bodies of the API.
 *
 * @throws RangeError when an id cannot be a key
 */
export function toUsageByDayEntity(row: LedgerRow): Entity {
  return dayRow.toEntity(row);
}

/**
 * A row of `UsageByCustomer`.
 *
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromUsageEntity(table: string, row: Row): UsageSnapshot {
  const reader = new RowReader(table, row);
  const snapshot = readSnapshot(reader);
  checkFigures(reader, snapshot, snapshot.snapshotDate);
  return snapshot;
}

function readSnapshot(reader: RowReader): UsageSnapshot {
  switch (reader.oneOf('resource', resources)) {
    case 'partner':
      return partnerRow.read(reader);
    case 'customer':
      return customerRow.read(reader);
    case 'subscription':
      return subscriptionRow.read(reader);
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
 * A row that has to be a customer's: `customer|<date>`.
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

/** @throws StorageError `UNREADABLE_ROW` */
export function fromUsageByDayEntity(table: string, row: Row): LedgerRow {
  const reader = new RowReader(table, row);
  if (reader.oneOf('resource', resources) !== 'customer') reader.fail('resource', 'customer');
  const ledgerRow = dayRow.read(reader);
  checkFigures(reader, ledgerRow, ledgerRow.snapshotDate);
  return ledgerRow;
}

/**
 * @param row has a key that ends with its date
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromHistoryEntity(table: string, row: Row): RecordedDay {
  const reader = new RowReader(table, row);
  const snapshotDate = row.rowKey.slice(-'yyyy-MM-dd'.length);
  if (!isDate(snapshotDate)) reader.fail('RowKey', 'a date yyyy-MM-dd at its end');
  const day = { snapshotDate, ...historyRow.read(reader) };
  checkFigures(reader, day, snapshotDate);
  return day;
}

/**
 * @param row of `UsageByDay`
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromRankingEntity(table: string, row: Row): RankedRow {
  const reader = new RowReader(table, row);
  const snapshotDate = row.partitionKey;
  const ranked = { snapshotDate, customerId: row.rowKey, ...rankingRow.read(reader) };
  checkFigures(reader, ranked, snapshotDate);
  return ranked;
}

/**
 * @param row of `UsageByDay`
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromAnomalyEntity(table: string, row: Row): AnomalyRow {
  const found = anomalyRow.read(new RowReader(table, row));
  return { snapshotDate: row.partitionKey, customerId: row.rowKey, ...found };
}

/** Marks a row whose bodies are longer than a column holds. */
function withTruncation(snapshot: UsageSnapshot): UsageSnapshot {
  const isTooLong = (body: string | undefined) => body !== undefined && body.length > longestColumn;
  const isCut =
    isTooLong(snapshot.raw) ||
    (snapshot.resource === 'subscription' && isTooLong(snapshot.rawUsageRecord));
  return isCut ? { ...snapshot, isRawTruncated: true } : snapshot;
}

/**
 * Checks that a row with usage has figures, and removes dates that no billing period has
 * (`0001-01-01`): earlier versions stored them as received.
 */
function checkFigures(
  reader: RowReader,
  { outcome, figures }: Pick<RecordedDay, 'outcome' | 'figures'>,
  snapshotDate: string,
): void {
  if (figures) {
    const { billingStartDate, billingEndDate } = figures;
    if (isBillingPeriod({ billingStartDate, billingEndDate }, snapshotDate)) return;
    delete figures.billingStartDate;
    delete figures.billingEndDate;
  } else if (outcome === 'usage') {
    reader.amount('totalCost');
  }
}
