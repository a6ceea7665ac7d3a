import type { RawNumber } from '../../usage/exactJson.ts';
import { isNumber, type RawColumn, type RawRow } from './rawRow.ts';

/** A row of a customer or subscription, flat; what it does not have is null. */
export type UsageFields = Record<string, string | boolean | RawNumber | null>;

const amounts = ['totalCost', 'usdTotalCost', 'budgetAmount'];

/**
 * The columns in their order. Left out are the bodies as received, and the list of subscription
 * ids: each subscription has rows of its own.
 */
export const usageColumns = [
  ...['snapshotDate', 'resource', 'outcome', 'customerId', 'customerName'],
  ...['subscriptionId', 'subscriptionName', 'subscriptionStatus', 'partnerOnRecord', 'offerId'],
  ...['plan', 'currency', 'totalCost', 'usdTotalCost', 'budgetAmount', 'percentUsed'],
  ...['billingStartDate', 'billingEndDate', 'lastModifiedDate', 'currencyCode', 'currencyLocale'],
  ...['capturedAt', 'runId', 'errorPhase', 'errorStatus', 'errorCode', 'errorMessage'],
  ...['correlationId', 'requestId'],
];

/** What has to be read for them. */
export const usageSource = [...usageColumns, ...amounts.map((name) => `${name}Exact`)];

/** A row with the names of {@link usageColumns}; numbers keep every digit. */
export function toUsageFields(row: RawRow): UsageFields {
  return Object.fromEntries(usageColumns.map((name) => [name, toField(row, name)]));
}

function toField({ columns }: RawRow, name: string): UsageFields[string] {
  // The literal as it was received, where there is one beside the double.
  const exact = columns.get(`${name}Exact`);
  if (typeof exact === 'string') {
    return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(exact) ? JSON.rawJSON(exact) : exact;
  }
  return toPlainField(columns.get(name) ?? null);
}

function toPlainField(column: RawColumn | null): UsageFields[string] {
  if (column === null || typeof column !== 'object') return column;
  // A Double is stored with a point: 500.0 was 500.
  return isNumber(column) ? JSON.rawJSON(String(Number(column.value))) : column.value;
}
