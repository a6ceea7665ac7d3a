import type { CurrencyTotal } from '../usage/currencyTotal.ts';
import { present } from '../usage/present.ts';
import { amountColumns, type Entity, int32Column, text } from './columns.ts';
import { partnerPartition, totalRowKey } from './keys.ts';
import { type Row, RowReader } from './rowReader.ts';

/**
 * A `total|<currency>|<date>` row of `UsageByCustomer`.
 *
 * @throws RangeError when the currency cannot be a key
 */
export function toCurrencyTotalEntity(total: CurrencyTotal): Entity {
  return {
    partitionKey: partnerPartition,
    rowKey: totalRowKey(total.currency, total.snapshotDate),
    snapshotDate: total.snapshotDate,
    capturedAt: text(total.capturedAt),
    runId: text(total.runId),
    currency: total.currency,
    ...amountColumns('totalCost', total.totalCost),
    ...(total.dailyCost !== undefined && amountColumns('dailyCost', total.dailyCost)),
    customers: int32Column(total.customers),
    customersMissing: int32Column(total.customersMissing),
  };
}

/** @throws StorageError `UNREADABLE_ROW` */
export function fromCurrencyTotalEntity(table: string, row: Row): CurrencyTotal {
  const reader = new RowReader(table, row);
  return present({
    snapshotDate: reader.date('snapshotDate'),
    capturedAt: reader.string('capturedAt'),
    runId: reader.string('runId'),
    currency: reader.string('currency'),
    totalCost: reader.amount('totalCost'),
    dailyCost: reader.optionalAmount('dailyCost'),
    customers: reader.integer('customers'),
    customersMissing: reader.integer('customersMissing'),
  });
}
