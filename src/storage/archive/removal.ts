import { odata } from '@azure/data-tables';
import { customerKey, dateKey } from '../keys.ts';
import type { TableName } from '../tableNames.ts';

/** A filter in OData for each table: which of its rows are removed. */
export type Removal = Readonly<Record<TableName, string>>;

/**
 * What was recorded before a date. The lease in the table of runs stays, as dates sort before it.
 * Alerts of a billing period that is not over by then stay, as they would be raised again.
 *
 * @throws RangeError when it is no date
 */
export function removalBefore(date: string): Removal {
  const before = dateKey(date);
  return {
    UsageByCustomer: odata`snapshotDate lt ${before}`,
    UsageByDay: odata`PartitionKey lt ${before}`,
    UsageByAzureSubscription: odata`snapshotDate lt ${before}`,
    SnapshotRuns: odata`PartitionKey lt ${before}`,
    // The end of a period is exclusive.
    BudgetAlerts: odata`billingPeriodEnd le ${before}`,
  };
}

/**
 * All rows of a customer. Runs belong to no customer.
 *
 * @throws RangeError when it cannot be a customer's id
 */
export function removalOf(customerId: string): Omit<Removal, 'SnapshotRuns'> {
  const key = customerKey(customerId);
  return {
    UsageByCustomer: odata`PartitionKey eq ${key}`,
    UsageByDay: odata`RowKey eq ${key}`,
    UsageByAzureSubscription: odata`PartitionKey eq ${key}`,
    // `}` is the character after `|`.
    BudgetAlerts: odata`RowKey ge ${`${key}|`} and RowKey lt ${`${key}}`}`,
  };
}
