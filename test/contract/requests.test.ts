import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { AzureTable } from '../../src/storage/azureTable.ts';
import { createStores, type Stores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { addDays } from '../../src/usage/date.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startRecordingProxy } from '../support/recordingProxy.ts';
import {
  collect,
  customer,
  customerId,
  date,
  ledgerRow,
  subscription,
  subscriptionId,
  total,
} from './snapshots.ts';

const days = Array.from({ length: 400 }, (_, index) => addDays(date, index - 399));
const customerIds = Array.from({ length: 2_500 }, (_, index) => subscriptionId(index));
const manyIds = customerIds.slice(0, 40);
const always = { from: '2020-01-01', to: '2029-12-31' };

let azurite: EmbeddedAzurite;
let proxy: HttpServer;
/** These reach the emulator through the proxy. */
let stores: Stores;
let table: AzureTable;

beforeAll(async () => {
  azurite = await startAzurite();
  const tables = createTables(azurite);
  await tables.ensureTables();
  await store(createStores(tables));
  proxy = await startRecordingProxy(azurite.port);
  const endpoint = `http://127.0.0.1:${azurite.port}`;
  const connectionString = azurite.connectionString.replace(endpoint, proxy.url);
  const recorded = createTables({ connectionString });
  stores = createStores(recorded);
  table = new AzureTable(recorded.usageByDay);
});
afterAll(async () => {
  await proxy?.close();
  await azurite?.stop();
});

async function store({ usageByCustomer, usageByDay }: Stores): Promise<void> {
  await usageByCustomer.upsertCustomer(days.map((snapshotDate) => customer({ snapshotDate })));
  await usageByCustomer.upsertCustomer(
    days.map((snapshotDate) => subscription(1, { snapshotDate })),
  );
  await usageByCustomer.upsertCustomer(manyIds.map((_, index) => subscription(index)));
  await usageByCustomer.upsertTotals(days.map((snapshotDate) => total({ snapshotDate })));
  await usageByDay.upsertDay(customerIds.map((id) => ledgerRow({ customerId: id })));
  await usageByDay.upsertDay([ledgerRow({ snapshotDate: addDays(date, 1) })]);
}

/** What a call asks of the service, after a look at how much it gets for it. */
async function requestsFor<Result>(
  call: () => Promise<readonly Result[]>,
  expectedCount: number,
): Promise<URL[]> {
  const before = proxy.requests.length;
  expect(await call()).toHaveLength(expectedCount);
  return proxy.requests.slice(before).map(({ path }) => new URL(path, proxy.url));
}

const filterOfOnePartition =
  /^PartitionKey eq '([^']*)'( and (RowKey|snapshotDate) [gl]e '[^']*')*$/;
const addressOfRow = /\(PartitionKey='([^']*)',RowKey='[^']+'\)$/;

/** The partition that a request is for: `undefined` for any that is not for one alone. */
function partitionOf({ pathname, searchParams }: URL): string | undefined {
  const filter = searchParams.get('$filter');
  return filter === null
    ? addressOfRow.exec(decodeURIComponent(pathname))?.[1]
    : filterOfOnePartition.exec(filter)?.[1];
}

const findFirst = async (subscription?: string) => {
  const found = await stores.usageByCustomer.findSnapshot({
    customerId,
    ...(subscription !== undefined && { subscriptionId: subscription }),
  });
  return found ? [found] : [];
};

test('400 days of a customer or a subscription are one request, without the bodies', async () => {
  for (const resource of [{}, { subscriptionId: subscriptionId(1) }]) {
    const range = { ...always, ...resource };
    const history = () => collect(stores.usageByCustomer.listHistory(customerId, range));
    const requests = await requestsFor(history, 400);
    expect(requests.map(partitionOf)).toEqual([customerId]);
    const select = requests[0]?.searchParams.get('$select');
    expect(select).toContain(',totalCostExact,');
    expect(select).not.toMatch(/raw|subscriptionIds/);
  }
});

test('whether a customer or a subscription was ever seen is one request for one row', async () => {
  const cases: [string | undefined, number][] = [
    [undefined, 1],
    [subscriptionId(1), 1],
    [subscriptionId(9_999), 0],
  ];
  for (const [subscription, count] of cases) {
    const requests = await requestsFor(() => findFirst(subscription), count);
    expect(requests.map(partitionOf)).toEqual([customerId]);
    expect(requests[0]?.searchParams.get('$top')).toBe('1');
  }
});

test('a customer on a day is one request', async () => {
  const requests = await requestsFor(
    async () => [await stores.usageByCustomer.getCustomerSnapshot(customerId, date)],
    1,
  );
  expect(requests.map(partitionOf)).toEqual([customerId]);
});

test('subscriptions on a day are one request each, whether there is a row or not', async () => {
  const ids = [...manyIds, subscriptionId(9_999)];
  const requests = await requestsFor(
    () => stores.usageByCustomer.listSubscriptionSnapshots(customerId, ids, date),
    manyIds.length,
  );
  expect(requests.map(partitionOf)).toEqual(ids.map(() => customerId));
});

test('400 days of totals are one request', async () => {
  const requests = await requestsFor(
    () => collect(stores.usageByCustomer.listTotals(always)),
    days.length,
  );
  expect(requests.map(partitionOf)).toEqual(['partner']);
});

test('a day of 2,500 customers is one request for every 1,000', async () => {
  const requests = await requestsFor(() => collect(stores.usageByDay.listDay(date)), 2_500);
  expect(requests.map(partitionOf)).toEqual([date, date, date]);
});

test('a limited list makes no request too many, and asks for no more than the service gives', async () => {
  const partitions = { from: date, to: date };
  const topsFor = async (limit: number) => {
    const requests = await requestsFor(() => collect(table.list({ partitions, limit })), limit);
    return requests.map(({ searchParams }) => Number(searchParams.get('$top')));
  };
  expect(await topsFor(1)).toEqual([1]);
  expect(await topsFor(1_000)).toEqual([1_000]);
  expect(await topsFor(1_001)).toEqual([1_000, 1_000]);
});

test('a customer in the ledger of a day is one request', async () => {
  const id = subscriptionId(7);
  const requests = await requestsFor(async () => [await stores.usageByDay.getDay(date, id)], 1);
  expect(requests.map(partitionOf)).toEqual([date]);
});
