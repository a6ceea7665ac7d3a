import { afterAll, beforeAll } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { AzureTable } from '../../src/storage/azureTable.ts';
import type { EntityTable } from '../../src/storage/entityTable.ts';
import { MemoryTable } from '../../src/storage/memoryTable.ts';
import { createTables } from '../../src/storage/tables.ts';

export interface StoreTables {
  usageByCustomer: EntityTable;
  usageByDay: EntityTable;
  usageByAzureSubscription: EntityTable;
  snapshotRuns: EntityTable;
  budgetAlerts: EntityTable;
}

/** Makes empty tables of every kind, by its name; the emulator runs for as long as the file does. */
export function tableMakers(): [string, () => Promise<StoreTables>][] {
  let azurite: EmbeddedAzurite;
  let prefixes = 0;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(() => azurite?.stop());
  return [
    [
      'in memory',
      async () => ({
        usageByCustomer: new MemoryTable('UsageByCustomer'),
        usageByDay: new MemoryTable('UsageByDay'),
        usageByAzureSubscription: new MemoryTable('UsageByAzureSubscription'),
        snapshotRuns: new MemoryTable('SnapshotRuns'),
        budgetAlerts: new MemoryTable('BudgetAlerts'),
      }),
    ],
    [
      'in the storage emulator',
      async () => {
        const tables = createTables(azurite, { prefix: `t${++prefixes}` });
        await tables.ensureTables();
        return {
          usageByCustomer: new AzureTable(tables.usageByCustomer),
          usageByDay: new AzureTable(tables.usageByDay),
          usageByAzureSubscription: new AzureTable(tables.usageByAzureSubscription),
          snapshotRuns: new AzureTable(tables.snapshotRuns),
          budgetAlerts: new AzureTable(tables.budgetAlerts),
        };
      },
    ],
  ];
}
