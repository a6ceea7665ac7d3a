import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import type {
  CustomerSnapshot,
  SubscriptionSnapshot,
  UsageFigures,
} from '../../src/usage/usageSnapshot.ts';

/** Rows written by hand, with the same columns as the product's. */

type Value = string | boolean | number | { type: 'Double' | 'Int32'; value: string | number };
export type BareEntity = { partitionKey: string; rowKey: string } & Record<
  string,
  Value | undefined
>;

export function customerRow(row: CustomerSnapshot | SubscriptionSnapshot): BareEntity {
  const common = {
    partitionKey: row.customerId,
    resource: row.resource,
    snapshotDate: row.snapshotDate,
    capturedAt: row.capturedAt,
    runId: row.runId,
    outcome: row.outcome,
    customerId: row.customerId,
    customerName: row.customerName,
    raw: row.raw,
    ...(row.figures && figureColumns(row.figures)),
  };
  return row.resource === 'customer'
    ? {
        ...common,
        customerDomain: row.customerDomain,
        rowKey: `customer|${row.snapshotDate}`,
        subscriptionIds: JSON.stringify(row.subscriptionIds),
      }
    : {
        ...common,
        rowKey: `subscription|${row.subscriptionId}|${row.snapshotDate}`,
        subscriptionId: row.subscriptionId,
        subscriptionName: row.subscriptionName,
        subscriptionStatus: row.subscriptionStatus,
        partnerOnRecord: row.partnerOnRecord,
        offerId: row.offerId,
        rawUsageRecord: row.rawUsageRecord,
      };
}

export function dayRow(row: LedgerRow): BareEntity {
  const { dailyCost, daysCovered = 0, isStale } = row.cost ?? {};
  return {
    partitionKey: row.snapshotDate,
    rowKey: row.customerId,
    resource: row.resource,
    snapshotDate: row.snapshotDate,
    capturedAt: row.capturedAt,
    runId: row.runId,
    outcome: row.outcome,
    customerId: row.customerId,
    customerName: row.customerName,
    customerDomain: row.customerDomain,
    ...(row.figures && figureColumns(row.figures)),
    dailyCost: double(dailyCost),
    dailyCostExact: dailyCost,
    daysCovered: { type: 'Int32', value: daysCovered },
    isStale,
  };
}

function figureColumns(figures: UsageFigures) {
  const budget = figures.budgetAmount;
  return {
    totalCost: double(figures.totalCost),
    totalCostExact: figures.totalCost,
    usdTotalCost: double(figures.usdTotalCost),
    usdTotalCostExact: figures.usdTotalCost,
    budgetAmount: double(budget),
    budgetAmountExact:
      budget !== undefined && String(Number(budget)) !== budget ? budget : undefined,
    plan: figures.plan,
    currency: figures.currency,
    currencyCode: figures.currencyCode,
    currencyLocale: figures.currencyLocale,
    percentUsed: double(figures.percentUsed),
    billingStartDate: figures.billingStartDate,
    billingEndDate: figures.billingEndDate,
    lastModifiedDate: figures.lastModifiedDate,
  };
}

function double(value: string | number | undefined) {
  return value === undefined ? undefined : ({ type: 'Double', value: Number(value) } as const);
}
