import type { RawNumber } from '../../usage/exactJson.ts';
import type { ColumnNameOf } from '../../usage/rowShape.ts';
import {
  type customerSnapshotShape,
  figuresShape,
  type subscriptionSnapshotShape,
} from '../../usage/usageSnapshot.ts';
import { ColumnCodec } from '../rowCodec.ts';
import { isNumber, type RawColumn, type RawRow } from './rawRow.ts';

/** A row of a customer or subscription, flat; absent columns are null. */
export type UsageFields = Record<string, string | boolean | RawNumber | null>;

type UsageColumn =
  | ColumnNameOf<typeof customerSnapshotShape>
  | ColumnNameOf<typeof subscriptionSnapshotShape>;

/**
 * Whether a column is listed, in the order of the list. Left out are the bodies as received, and the
 * list of subscription ids: each subscription has rows of its own.
 */
const isListed = {
  ...{ snapshotDate: true, resource: true, outcome: true, customerId: true, customerName: true },
  ...{ subscriptionId: true, subscriptionName: true, subscriptionStatus: true },
  ...{ partnerOnRecord: true, offerId: true, plan: true, currency: true, totalCost: true },
  ...{ usdTotalCost: true, budgetAmount: true, percentUsed: true, billingStartDate: true },
  ...{ billingEndDate: true, lastModifiedDate: true, currencyCode: true, currencyLocale: true },
  ...{ capturedAt: true, runId: true, errorPhase: true, errorStatus: true, errorCode: true },
  ...{ errorMessage: true, correlationId: true, requestId: true },
  // At the end, as spreadsheets go by the place of a column.
  ...{ customerDomain: true },
  ...{ subscriptionIds: false, raw: false, rawTruncated: false, rawUsageRecord: false },
} satisfies Record<UsageColumn, boolean>;

/** The columns in their order. */
export const usageColumns = Object.entries(isListed).flatMap(([name, is]) => (is ? [name] : []));

const isLiteral = (name: string) => name.endsWith('Exact');

/** The columns to read for them: for amounts the literals as well. */
export const usageSource = [
  ...usageColumns,
  ...new ColumnCodec(figuresShape).columns.filter(isLiteral),
];

/** A row with the names of {@link usageColumns}; numbers keep every digit. */
export function toUsageFields(row: RawRow): UsageFields {
  return Object.fromEntries(usageColumns.map((name) => [name, toField(row, name)]));
}

function toField({ columns }: RawRow, name: string): UsageFields[string] {
  // The literal as received, where one is stored besides the double.
  const exact = columns.get(`${name}Exact`);
  if (typeof exact === 'string') {
    return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(exact) ? JSON.rawJSON(exact) : exact;
  }
  return toPlainField(columns.get(name) ?? null);
}

function toPlainField(column: RawColumn | null): UsageFields[string] {
  if (column === null || typeof column !== 'object') return column;
  // A Double is stored with a point: 500 as 500.0.
  return isNumber(column) ? JSON.rawJSON(String(Number(column.value))) : column.value;
}
