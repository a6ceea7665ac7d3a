import { parseArgs } from 'node:util';
import { startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { formatTable } from '../../src/cli/terminal.ts';
import { messageOf } from '../../src/errors.ts';
import type { HistoryContext } from '../../src/history/historyContext.ts';
import { startApiServer } from '../../src/http/apiServer.ts';
import { createStores, type Stores } from '../../src/storage/stores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import { addDays } from '../../src/usage/date.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import { row, run } from '../../test/support/recorded.ts';

/**
 * Latency of the two queries that a page begins with, over HTTP, on the storage emulator: the
 * history of one customer, and the ranking of a day. Beside each stands what reading the tables
 * takes of it.
 *
 *     npm run bench:history -- --customers 10000 --days 400
 */

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '10000' },
    days: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '30' },
  },
});
const [customers, days, rounds] = [values.customers, values.days, values.rounds].map(Number) as [
  number,
  number,
  number,
];
const warmUpRounds = 10;
const lastDate = '2026-11-21';
/** As large as those of the documentation's samples. */
const raw = JSON.stringify({ resourceName: 'Azure', attributes: 'x'.repeat(1_400) });

const azurite = await startAzurite();
try {
  const tables = createTables(azurite);
  await tables.ensureTables();
  const stores = createStores(tables);
  await fill(stores);
  await measure(stores);
} finally {
  await azurite.stop();
}

async function fill(stores: Stores): Promise<void> {
  process.stderr.write(`${customers} customers, ${days} days of one of them …\n`);
  const ledger = Array.from({ length: customers }, (_, index) => rowOf(index, lastDate));
  await stores.usageByDay.upsertDay(ledger);
  const history = Array.from({ length: days }, (_, back) => rowOf(0, addDays(lastDate, -back)));
  await stores.usageByCustomer.upsertCustomer(history.map((each) => ({ ...each, raw })));
  for (let back = 0; back < 35; back++) {
    await stores.snapshotRuns.upsert(run(addDays(lastDate, -back)));
  }
}

function customerIdOf(index: number): string {
  return `${index.toString(16).padStart(8, '0')}-3c2f-4f0e-9d58-7a1c2b3d4e5f`;
}

/** A weekly rhythm with some noise. */
function costOf(index: number, date: string): number {
  const day = Date.parse(date) / 86_400_000;
  const noise = Math.abs(Math.sin(day * 12.9898 + index * 78.233) * 43_758.5453) % 1;
  return (20 + (index % 90)) * (day % 7 < 2 ? 0.4 : 1) * (0.9 + 0.2 * noise);
}

function rowOf(index: number, snapshotDate: string): LedgerRow {
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
    },
  });
}

async function measure(stores: Stores): Promise<void> {
  const context: HistoryContext = {
    stores,
    now: () => Date.parse(`${addDays(lastDate, 1)}T01:00:00Z`),
    minimumCost: 10,
    onUnreadable: (error) => {
      throw error;
    },
  };
  const server = await startApiServer({
    isAllowed: () => true,
    openHistory: async () => context,
    listBadSettings: () => [],
    onError: (error) => process.stderr.write(`${messageOf(error)}\n`),
    now: context.now,
  });
  try {
    const from = addDays(lastDate, 1 - days);
    const history = `customers/${customerIdOf(0)}/history?from=${from}&to=${lastDate}`;
    const ofOne = {
      [`history of ${days} days`]: () => get(`${server.url}/api/${history}`),
      'of that, reading the tables': async () => {
        const range = { from: addDays(from, -106), to: lastDate };
        await Array.fromAsync(stores.usageByCustomer.listHistory(customerIdOf(0), range));
      },
    };
    const ofDay = {
      [`ranking of ${customers} customers`]: () =>
        get(`${server.url}/api/customers?date=${lastDate}`),
      'of that, reading the table': async () => {
        await Array.fromAsync(stores.usageByDay.listRanking(lastDate));
      },
    };
    // One after the other: the rows of a ranking are garbage for a while.
    const rows = [...(await timesOf(ofOne)), ...(await timesOf(ofDay))];
    const numbers = ['median ms', '95 % ms', 'least ms'];
    process.stdout.write(`${formatTable(['query', ...numbers], rows, numbers)}\n`);
  } finally {
    await server.close();
  }
}

async function get(url: string): Promise<void> {
  const response = await fetch(url);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${text}`);
}

/** In turn, so that a busy moment of the machine is nobody's alone. */
async function timesOf(named: Record<string, () => Promise<void>>): Promise<string[][]> {
  const queries = Object.values(named);
  const times = queries.map((): number[] => []);
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const [index, query] of queries.entries()) {
      const startMs = performance.now();
      await query();
      if (round >= 0) times[index]?.push(performance.now() - startMs);
    }
  }
  return Object.keys(named).map((name, index) => {
    const own = times[index] ?? [];
    const sorted = own.toSorted((one, other) => one - other);
    const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]?.toFixed(1) ?? '';
    return [name, at(0.5), at(0.95), at(0)];
  });
}
