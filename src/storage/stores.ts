import { AzureTable } from './azureTable.ts';
import { BudgetAlertsStore } from './budgetAlertsStore.ts';
import type { EntityTable } from './entityTable.ts';
import { LeaseStore } from './leaseStore.ts';
import { MemoryTable } from './memoryTable.ts';
import { SnapshotRunsStore } from './snapshotRunsStore.ts';
import type { Tables } from './tables.ts';
import { UsageByCustomerStore } from './usageByCustomerStore.ts';
import { UsageByDayStore } from './usageByDayStore.ts';

export interface Stores {
  usageByCustomer: UsageByCustomerStore;
  usageByDay: UsageByDayStore;
  snapshotRuns: SnapshotRunsStore;
  budgetAlerts: BudgetAlertsStore;
  /** A row of the table of runs. */
  lease: LeaseStore;
}

/** The stores over tables of the service; `tables.ensureTables` comes first. */
export function createStores(tables: Tables): Stores {
  return createStoresOver({
    usageByCustomer: new AzureTable(tables.usageByCustomer),
    usageByDay: new AzureTable(tables.usageByDay),
    snapshotRuns: new AzureTable(tables.snapshotRuns),
    budgetAlerts: new AzureTable(tables.budgetAlerts),
  });
}

/**
 * The same stores, mapping and all, over tables that end with the process.
 *
 * @param now what the clock of the tables shows, milliseconds since the epoch
 */
export function createMemoryStores(now?: () => number): Stores {
  return createStoresOver({
    usageByCustomer: new MemoryTable('UsageByCustomer', now),
    usageByDay: new MemoryTable('UsageByDay', now),
    snapshotRuns: new MemoryTable('SnapshotRuns', now),
    budgetAlerts: new MemoryTable('BudgetAlerts', now),
  });
}

/** The stores over whatever tables. */
export function createStoresOver(tables: {
  usageByCustomer: EntityTable;
  usageByDay: EntityTable;
  snapshotRuns: EntityTable;
  budgetAlerts: EntityTable;
}): Stores {
  return {
    usageByCustomer: new UsageByCustomerStore(tables.usageByCustomer),
    usageByDay: new UsageByDayStore(tables.usageByDay),
    snapshotRuns: new SnapshotRunsStore(tables.snapshotRuns),
    budgetAlerts: new BudgetAlertsStore(tables.budgetAlerts),
    lease: new LeaseStore(tables.snapshotRuns),
  };
}
