import type { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { AzureTable } from '../../src/storage/azureTable.ts';
import { createStores, type Stores } from '../../src/storage/createStores.ts';
import { StorageError } from '../../src/storage/storageError.ts';
import { createTables, type Tables } from '../../src/storage/tables.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import {
  collect,
  customer,
  customerId,
  date,
  figures,
  ledgerRow,
  run,
  subscription,
  total,
} from './snapshots.ts';

let azurite: EmbeddedAzurite;
let tables: Tables;
let stores: Stores;
let prefixes = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
beforeEach(async () => {
  tables = createTables(azurite, { prefix: `t${++prefixes}` });
  await tables.ensureTables();
  stores = createStores(tables);
});
afterAll(() => azurite?.stop());

/** The answer as it came: the SDK's own untyped read calls a stored double 100.0 an Int32. */
async function readText(client: TableClient, partitionKey: string, rowKey: string) {
  let text = '';
  await client.getEntity(partitionKey, rowKey, {
    onResponse: (response) => {
      text = response.bodyAsText ?? '';
    },
  });
  return text;
}

async function storageErrorOf(call: Promise<unknown>): Promise<StorageError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof StorageError) return error;
  throw new Error('expected a StorageError', { cause: error });
}

test('an amount of 100 is a floating point column, so that one column has one type', async () => {
  const hundred = parseAmount('100');
  await stores.usageByCustomer.upsertCustomer([
    customer({ figures: { ...figures('100'), usdTotalCost: hundred, percentUsed: 20 } }),
    subscription(1),
  ]);
  const text = await readText(tables.usageByCustomer, customerId, `customer|${date}`);
  expect(text).toContain('"totalCost":100.0,');
  expect(text).toContain('"totalCostExact":"100"');
  expect(text).toContain('"usdTotalCost":100.0,');
  expect(text).toContain('"budgetAmount":500.0,');
  expect(text).toContain('"percentUsed":20.0,');
});

test('a day’s cost of 100 is a floating point column as well, and its days an integer', async () => {
  const dailyCost = parseAmount('100');
  await stores.usageByDay.upsertDay([
    ledgerRow({ cost: { dailyCost, daysCovered: 1, isStale: false } }),
  ]);
  await stores.usageByCustomer.upsertTotals([total({ dailyCost })]);
  const row = await readText(tables.usageByDay, date, customerId);
  expect(row).toContain('"dailyCost":100.0,"dailyCostExact":"100","daysCovered":1,');
  expect(row).toContain('"isStale":false,"anomalyDelivered":false');
  const ofDay = await readText(tables.usageByCustomer, 'partner', `total|EUR|${date}`);
  expect(ofDay).toContain('"dailyCost":100.0,"dailyCostExact":"100",');
});

test('counts are integers', async () => {
  await stores.snapshotRuns.upsert(run({ durationMs: 1_000 }));
  const text = await readText(tables.snapshotRuns, date, run().runId);
  expect(text).toContain('"customersListed":3,');
  expect(text).toContain('"durationMs":1000,');
});

test('a missing table has no rows to list, and is an error that names it for all else', async () => {
  await tables.usageByDay.deleteTable();
  const place = { table: tables.usageByDay.tableName, partitionKey: date };
  const read = await storageErrorOf(stores.usageByDay.getDay(date, customerId));
  expect(read).toMatchObject({ code: 'TableNotFound', status: 404 });
  expect(read.place).toEqual({ ...place, rowKey: customerId });
  expect(await collect(stores.usageByDay.listDay(date))).toEqual([]);
  const write = await storageErrorOf(stores.usageByDay.upsertDay([customer()]));
  expect(write).toMatchObject({ code: 'TableNotFound', status: 404, place });
  expect(write.message).toBe(
    `table ${place.table}, partition "${date}": ` +
      'TableNotFound (HTTP 404): The table specified does not exist.',
  );
  expect(write.cause).toBeInstanceOf(Error);
});

test('a transaction that fails inside an answer 202 is an error, and stores nothing', async () => {
  const table = new AzureTable(tables.usageByDay);
  const error = await storageErrorOf(
    table.upsert([
      { partitionKey: date, rowKey: 'a', name: 'short' },
      { partitionKey: date, rowKey: 'b', name: 'x'.repeat(40_000) },
    ]),
  );
  expect(error).toMatchObject({
    code: 'PropertyValueTooLarge',
    status: 400,
    cause: { response: { status: 202 } },
    place: { table: table.name, partitionKey: date },
  });
  expect(await table.get(date, 'a')).toBeUndefined();
});

test('the lease is not listed as a run', async () => {
  await tables.snapshotRuns.upsertEntity({ partitionKey: 'lease', rowKey: 'snapshot' });
  await stores.snapshotRuns.upsert(run());
  const range = { from: '0001-01-01', to: '9999-12-31' };
  expect(await collect(stores.snapshotRuns.list(range))).toEqual([run()]);
});

test('a row that lacks a column is an error that names table, keys and column', async () => {
  await stores.usageByDay.upsertDay([customer()]);
  await tables.usageByDay.updateEntity(
    { partitionKey: date, rowKey: customerId, outcome: 'perhaps' },
    'Merge',
  );
  await expect(stores.usageByDay.getDay(date, customerId)).rejects.toThrow(
    `table ${tables.usageByDay.tableName}, partition "${date}", row "${customerId}": ` +
      'expected one of usage, noUsage, refused, failed in column outcome, got "perhaps"',
  );
});

test('columns that a later version added do not keep a row from being read', async () => {
  await stores.usageByDay.upsertDay([customer()]);
  await tables.usageByDay.updateEntity(
    {
      partitionKey: date,
      rowKey: customerId,
      forecast: 1.5,
      isForecast: false,
      seen: new Date(0),
      large: 5n,
    },
    'Merge',
  );
  expect((await stores.usageByDay.getDay(date, customerId))?.customerName).toBe('Contoso');
});

test('tables are created once for all who ask, and those that exist are left as they are', async () => {
  await stores.usageByDay.upsertDay([customer()]);
  const again = createTables(azurite, { prefix: `t${prefixes}` });
  await Promise.all([again.ensureTables(), again.ensureTables(), tables.ensureTables()]);
  expect(await createStores(again).usageByDay.getDay(date, customerId)).toBeDefined();
});
