import { TableClient } from '@azure/data-tables';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores, type Stores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import { addDays } from '../../src/usage/date.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import { startPageServer } from '../../test/support/pageServer.ts';
import { row, run } from '../../test/support/recorded.ts';

/** Tables on the storage emulator with rows as a run writes them, and the API before them. */

export const lastDate = '2026-11-21';

export interface RecordedApi {
  stores: Stores;
  /** Of the server, without `/api`. */
  url: string;
  /** Asks the API, and throws where it does not answer 200. */
  get(path: string): Promise<void>;
  /** Reads rows by a bare loop over the SDK, and throws where it does not find so many. */
  list(table: string, wanted: WantedRows): Promise<void>;
}

export interface WantedRows {
  /** OData */
  filter: string;
  /** Besides the keys. */
  columns: readonly string[];
  rows: number;
}

/** Gives `measure` the API over tables that `fill` has written to, with five weeks of runs. */
export async function withRecordedApi<T>(
  fill: (stores: Stores) => Promise<void>,
  measure: (api: RecordedApi) => Promise<T>,
): Promise<T> {
  const azurite = await startAzurite();
  try {
    const stores = await openStores(azurite);
    for (let back = 0; back < 35; back++) {
      await stores.snapshotRuns.upsert(run(addDays(lastDate, -back)));
    }
    await fill(stores);
    return await serve(stores, azurite, measure);
  } finally {
    await azurite.stop();
  }
}

async function openStores(azurite: EmbeddedAzurite): Promise<Stores> {
  const tables = createTables(azurite);
  await tables.ensureTables();
  return createStores(tables);
}

async function serve<T>(
  stores: Stores,
  azurite: EmbeddedAzurite,
  measure: (api: RecordedApi) => Promise<T>,
): Promise<T> {
  let nowMs = Date.parse(`${addDays(lastDate, 1)}T01:00:00Z`);
  const now = () => nowMs;
  const server = await startPageServer(stores, now, { hasCustomerMetrics: true });
  try {
    return await measure({
      stores,
      url: server.url,
      async get(path) {
        // What an answer is kept for is over.
        nowMs += 60_000;
        const response = await fetch(`${server.url}/api/${path}`);
        const text = await response.text();
        if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
      },
      list: createList(azurite),
    });
  } finally {
    await server.close();
  }
}

function createList({ connectionString }: EmbeddedAzurite): RecordedApi['list'] {
  const options = { allowInsecureConnection: true };
  const clients = Object.fromEntries(
    ['UsageByCustomer', 'UsageByDay'].map((table) => [
      table,
      TableClient.fromConnectionString(connectionString, table, options),
    ]),
  );
  return async (table, { filter, columns, rows }) => {
    const queryOptions = { filter, select: ['partitionKey', 'rowKey', ...columns] };
    let listed = 0;
    for await (const _ of clients[table]?.listEntities({ queryOptions }) ?? []) listed++;
    if (listed !== rows) throw new Error(`expected ${rows} rows of ${table}, got ${listed}`);
  };
}

export function customerIdOf(index: number): string {
  return `${index.toString(16).padStart(8, '0')}-3c2f-4f0e-9d58-7a1c2b3d4e5f`;
}

/** A row of the ledger, by the number of the customer. */
export function ledgerRowOf(index: number, snapshotDate: string): LedgerRow {
  let total = 0;
  for (let date = `${snapshotDate.slice(0, 7)}-01`; date < snapshotDate; date = addDays(date, 1)) {
    total += costOf(index, date);
  }
  return row(snapshotDate, total.toFixed(20), {
    customerId: customerIdOf(index),
    customerName: `Customer ${index}`,
    figures: {
      currency: index % 3 === 0 ? 'USD' : 'EUR',
      usdTotalCost: parseAmount((total * 1.1).toFixed(20)),
      budgetAmount: parseAmount('5000'),
      percentUsed: Number((total / 50).toFixed(2)),
      currencyCode: 'EUR',
      lastModifiedDate: `${snapshotDate}T01:12:13.1415926+00:00`,
    },
    cost: {
      dailyCost: parseAmount(costOf(index, snapshotDate).toFixed(20)),
      daysCovered: 1,
      isStale: false,
      forecastTotalCost: parseAmount((total * 1.4).toFixed(20)),
    },
  });
}

/** A weekly rhythm with some noise. */
function costOf(index: number, date: string): number {
  const day = Date.parse(date) / 86_400_000;
  const noise = Math.abs(Math.sin(day * 12.9898 + index * 78.233) * 43_758.5453) % 1;
  return (20 + (index % 90)) * (day % 7 < 2 ? 0.4 : 1) * (0.9 + 0.2 * noise);
}
