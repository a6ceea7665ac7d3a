import { isDate } from '../usage/date.ts';
import type { RankedRow } from '../usage/ledgerRow.ts';
import { present } from '../usage/present.ts';
import type { RecordedDay } from '../usage/recordedDay.ts';
import { failureFrom, figuresFrom } from './figuresMapping.ts';
import { recordedCostFrom } from './recordedCostMapping.ts';
import { type Row, RowReader } from './rowReader.ts';
import { outcomes } from './usageSnapshotMapping.ts';

/**
 * Rows as queries read them. Of many rows each column counts: what is in the keys is read from
 * there, of an amount the literal without the double beside it, of a currency what was made of the
 * texts that the API sent.
 */

const figures = [
  ...['plan', 'totalCostExact', 'usdTotalCostExact', 'currency'],
  ...['budgetAmount', 'budgetAmountExact', 'percentUsed', 'billingStartDate', 'billingEndDate'],
];

/** Of a customer's or subscription's row in `UsageByCustomer`. */
export const historyColumns: readonly string[] = [
  ...['outcome', 'customerName', 'subscriptionName'],
  ...[...figures, 'lastModifiedDate'],
];

/** Of a row in `UsageByDay`. */
export const rankingColumns: readonly string[] = [
  ...['outcome', 'customerName', 'capturedAt', ...figures],
  ...['dailyCostExact', 'daysCovered', 'isStale'],
  ...['errorPhase', 'errorStatus', 'errorCode', 'errorMessage', 'correlationId', 'requestId'],
];

/**
 * @param row has a key that ends with its date
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromHistoryEntity(table: string, row: Row): RecordedDay {
  const reader = new RowReader(table, row);
  const snapshotDate = row.rowKey.slice(-'yyyy-MM-dd'.length);
  if (!isDate(snapshotDate)) reader.fail('RowKey', 'a date yyyy-MM-dd at its end');
  const outcome = reader.oneOf('outcome', outcomes);
  return present({
    snapshotDate,
    outcome,
    customerName: reader.string('customerName'),
    subscriptionName: reader.optionalString('subscriptionName'),
    figures: figuresFrom(reader, outcome, snapshotDate),
  });
}

/**
 * @param row of `UsageByDay`
 * @throws StorageError `UNREADABLE_ROW`
 */
export function fromRankingEntity(table: string, row: Row): RankedRow {
  const reader = new RowReader(table, row);
  const outcome = reader.oneOf('outcome', outcomes);
  const figures = figuresFrom(reader, outcome, row.partitionKey);
  return present({
    snapshotDate: row.partitionKey,
    customerId: row.rowKey,
    customerName: reader.string('customerName'),
    capturedAt: reader.string('capturedAt'),
    outcome,
    figures,
    expectedCurrency: figures === undefined ? reader.optionalString('currency') : undefined,
    failure: failureFrom(reader),
    cost: recordedCostFrom(reader),
  });
}
