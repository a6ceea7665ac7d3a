import type { Fence } from '../callOptions.ts';
import { AzureTable } from './azureTable.ts';
import { BudgetAlertTableStore } from './budgetAlertTableStore.ts';
import type { EntityTable } from './entityTable.ts';
import { FencedTable } from './fencedTable.ts';
import { LeaseTableStore } from './leaseTableStore.ts';
import { MemoryTable } from './memoryTable.ts';
import { SnapshotRunsTableStore } from './snapshotRunsTableStore.ts';
import type { Tables } from './tables.ts';
import { UsageByCustomerTableStore } from './usageByCustomerTableStore.ts';
import { UsageByDayTableStore } from './usageByDayTableStore.ts';

/** The stores of what was recorded. */
export interface RowStores {
  usageByCustomer: UsageByCustomerTableStore;
  usageByDay: UsageByDayTableStore;
  snapshotRuns: SnapshotRunsTableStore;
  budgetAlerts: BudgetAlertTableStore;
}

export interface Stores extends RowStores {
  /** A row of the table of runs. */
  lease: LeaseTableStore;
  /** The stores of a run: every call passes the fence before it reaches a table. */
  openStores(fence: Fence): RowStores;
}

/** The table of each store. */
export type StoreTables = Record<keyof RowStores, EntityTable>;

/** The stores over tables of the service; call `tables.ensureTables` before using them. */
export function createStores(tables: Tables): Stores {
  return createStoresOver({
    usageByCustomer: new AzureTable(tables.usageByCustomer),
    usageByDay: new AzureTable(tables.usageByDay),
    snapshotRuns: new AzureTable(tables.snapshotRuns),
    budgetAlerts: new AzureTable(tables.budgetAlerts),
  });
}

/**
 * The same stores with the same mapping, over tables in memory.
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

/** The stores over given tables. */
export function createStoresOver(tables: StoreTables): Stores {
  return {
    ...createRowStores(tables),
    lease: new LeaseTableStore(tables.snapshotRuns),
    openStores: (fence) => createRowStores(fenceTables(tables, fence)),
  };
}

function createRowStores(tables: StoreTables): RowStores {
  return {
    usageByCustomer: new UsageByCustomerTableStore(tables.usageByCustomer),
    usageByDay: new UsageByDayTableStore(tables.usageByDay),
    snapshotRuns: new SnapshotRunsTableStore(tables.snapshotRuns),
    budgetAlerts: new BudgetAlertTableStore(tables.budgetAlerts),
  };
}

function fenceTables(tables: StoreTables, fence: Fence): StoreTables {
  return {
    usageByCustomer: new FencedTable(tables.usageByCustomer, fence, 'rows'),
    usageByDay: new FencedTable(tables.usageByDay, fence, 'rows'),
    snapshotRuns: new FencedTable(tables.snapshotRuns, fence, 'record'),
    budgetAlerts: new FencedTable(tables.budgetAlerts, fence, 'rows'),
  };
}
