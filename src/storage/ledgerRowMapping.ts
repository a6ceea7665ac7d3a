import type { LedgerRow } from '../usage/ledgerRow.ts';
import { present } from '../usage/present.ts';
import type { Entity } from './columns.ts';
import { customerKey, dateKey } from './keys.ts';
import { recordedCostColumns, recordedCostFrom } from './recordedCostMapping.ts';
import { type Row, RowReader } from './rowReader.ts';
import { fromCustomerEntity, snapshotColumns } from './usageSnapshotMapping.ts';

/**
 * A row of `UsageByDay`: one customer in the ledger of a day, without what was received.
 *
 * @throws RangeError when an id cannot be a key
 */
export function toUsageByDayEntity(row: LedgerRow): Entity {
  const { isAnomalyDelivered } = row;
  return {
    partitionKey: dateKey(row.snapshotDate),
    rowKey: customerKey(row.customerId),
    ...snapshotColumns(row),
    ...recordedCostColumns(row.cost),
    ...(isAnomalyDelivered !== undefined && { anomalyDelivered: isAnomalyDelivered }),
  };
}

/** @throws StorageError `UNREADABLE_ROW` */
export function fromUsageByDayEntity(table: string, row: Row): LedgerRow {
  const reader = new RowReader(table, row);
  return {
    ...fromCustomerEntity(table, row),
    ...present({
      cost: recordedCostFrom(reader),
      isAnomalyDelivered: reader.optionalBoolean('anomalyDelivered'),
    }),
  };
}
