import type { HistoryContext } from '../../src/history/historyContext.ts';
import { createMemoryStores, type Stores } from '../../src/storage/createStores.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';
import type { UsageFigures } from '../../src/usage/usageSnapshot.ts';

export const customerId = 'aaaaaaaa-0000-4000-8000-000000000001';

/** The tables at noon of a day, and what reads them. */
export function createHistory(today: string): { stores: Stores; context: HistoryContext } {
  const stores = createMemoryStores();
  const context: HistoryContext = {
    stores,
    now: () => Date.parse(`${today}T12:00:00Z`),
    minimumCost: 10,
    hasCustomerMetrics: false,
    onUnreadable: (error) => {
      throw error;
    },
  };
  return { stores, context };
}

type RowChange = Partial<Omit<LedgerRow, 'figures'>> & { figures?: Partial<UsageFigures> };

/** A day of a customer of an Azure plan, in euro unless changed. */
export function row(
  snapshotDate: string,
  totalCost: string,
  { figures, ...change }: RowChange = {},
): LedgerRow {
  const month = snapshotDate.slice(0, 7);
  const nextMonth = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1));
  return {
    resource: 'customer',
    snapshotDate,
    capturedAt: `${snapshotDate}T02:31:00.000Z`,
    runId: `run of ${snapshotDate}`,
    customerId,
    customerName: 'Maple Foods',
    outcome: 'usage',
    figures: {
      plan: 'azurePlan',
      currency: 'EUR',
      totalCost: parseAmount(totalCost),
      billingStartDate: `${month}-01T00:00:00Z`,
      billingEndDate: nextMonth.toISOString(),
      lastModifiedDate: `${snapshotDate} ${totalCost}`,
      ...figures,
    },
    ...change,
  };
}

/** A day on which the customer had no figures. */
export function rowWithout(snapshotDate: string, outcome: 'noUsage' | 'failed'): LedgerRow {
  const { figures: _, ...rest } = row(snapshotDate, '0');
  return { ...rest, outcome };
}

export function run(snapshotDate: string, change: Partial<SnapshotRun> = {}): SnapshotRun {
  return {
    snapshotDate,
    runId: `${snapshotDate.replaceAll('-', '')}T023000000Z-00000000`,
    partnerTenantId: 'ffffffff-0000-4000-8000-00000000000f',
    trigger: 'timer',
    scope: 'all',
    status: 'complete',
    startedAt: `${snapshotDate}T02:30:00.000Z`,
    finishedAt: `${snapshotDate}T03:00:00.000Z`,
    customersListed: 1,
    customersWithUsage: 1,
    customersWithoutUsage: 0,
    customersRefused: 0,
    customersFailed: 0,
    customersSkipped: 0,
    subscriptionsCaptured: 0,
    subscriptionsFailed: 0,
    requests: 3,
    retries: 0,
    throttled: 0,
    tokenRequests: 1,
    customersOnlyInUsageRecords: 0,
    costMismatches: 0,
    ...change,
  };
}
