import type { Fence } from '../callOptions.ts';
import { AzureTable } from './azureTable.ts';
import type { BlobContainer } from './blobContainer.ts';
import { BudgetAlertTableStore } from './budgetAlertTableStore.ts';
import type { EntityTable } from './entityTable.ts';
import { FencedBlobContainer } from './fencedBlobContainer.ts';
import { FencedTable } from './fencedTable.ts';
import { LeaseTableStore } from './leaseTableStore.ts';
import { MemoryBlobContainer } from './memoryBlobContainer.ts';
import { MemoryTable } from './memoryTable.ts';
import { SnapshotRunsTableStore } from './snapshotRunsTableStore.ts';
import type { Tables } from './tables.ts';
import { UsageByAzureSubscriptionTableStore } from './usageByAzureSubscriptionTableStore.ts';
import { UsageByCustomerTableStore } from './usageByCustomerTableStore.ts';
import { UsageByDayTableStore } from './usageByDayTableStore.ts';
import { UsageDetailsStore } from './usageDetailsStore.ts';

/** The stores of what was recorded. */
export interface RowStores {
  usageByCustomer: UsageByCustomerTableStore;
  usageByDay: UsageByDayTableStore;
  usageByAzureSubscription: UsageByAzureSubscriptionTableStore;
  snapshotRuns: SnapshotRunsTableStore;
  budgetAlerts: BudgetAlertTableStore;
  usageDetails: UsageDetailsStore;
}

export interface Stores extends RowStores {
  /** A row of the table of runs. */
  lease: LeaseTableStore;
  /** The stores of a run: every call passes the fence before it reaches a table. */
  openStores(fence: Fence): RowStores;
}

/** The table of each store. */
export type StoreTables = Record<Exclude<keyof RowStores, 'usageDetails'>, EntityTable>;

/**
 * The stores over tables and blobs of the service; call `tables.ensureTables` before using the
 * former, `usageDetails.ensureContainer` before using the latter.
 *
 * @param details by default in memory
 */
export function createStores(tables: Tables, details?: BlobContainer): Stores {
  const azureTables: StoreTables = {
    usageByCustomer: new AzureTable(tables.usageByCustomer),
    usageByDay: new AzureTable(tables.usageByDay),
    usageByAzureSubscription: new AzureTable(tables.usageByAzureSubscription),
    snapshotRuns: new AzureTable(tables.snapshotRuns),
    budgetAlerts: new AzureTable(tables.budgetAlerts),
  };
  return createStoresOver(azureTables, details);
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
    usageByAzureSubscription: new MemoryTable('UsageByAzureSubscription', now),
    snapshotRuns: new MemoryTable('SnapshotRuns', now),
    budgetAlerts: new MemoryTable('BudgetAlerts', now),
  });
}

/** The stores over given tables; the details are in memory unless a container is given. */
export function createStoresOver(
  tables: StoreTables,
  details: BlobContainer = new MemoryBlobContainer('usage-details'),
): Stores {
  return {
    ...createRowStores(tables, details),
    lease: new LeaseTableStore(tables.snapshotRuns),
    openStores: (fence) =>
      createRowStores(fenceTables(tables, fence), new FencedBlobContainer(details, fence)),
  };
}

function createRowStores(tables: StoreTables, details: BlobContainer): RowStores {
  return {
    usageByCustomer: new UsageByCustomerTableStore(tables.usageByCustomer),
    usageByDay: new UsageByDayTableStore(tables.usageByDay),
    usageByAzureSubscription: new UsageByAzureSubscriptionTableStore(
      tables.usageByAzureSubscription,
    ),
    snapshotRuns: new SnapshotRunsTableStore(tables.snapshotRuns),
    budgetAlerts: new BudgetAlertTableStore(tables.budgetAlerts),
    usageDetails: new UsageDetailsStore(details),
  };
}

function fenceTables(tables: StoreTables, fence: Fence): StoreTables {
  return {
    usageByCustomer: new FencedTable(tables.usageByCustomer, fence, 'rows'),
    usageByDay: new FencedTable(tables.usageByDay, fence, 'rows'),
    usageByAzureSubscription: new FencedTable(tables.usageByAzureSubscription, fence, 'rows'),
    snapshotRuns: new FencedTable(tables.snapshotRuns, fence, 'record'),
    budgetAlerts: new FencedTable(tables.budgetAlerts, fence, 'rows'),
  };
}
