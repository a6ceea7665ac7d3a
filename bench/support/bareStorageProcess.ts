import { deepStrictEqual } from 'node:assert';
import { TableClient, type TransactionAction } from '@azure/data-tables';
import { toUsageByCustomerEntity, toUsageByDayEntity } from '../../src/storage/usageRows.ts';
import { answerCalls, readOptions } from './answerCalls.ts';
import { type BareEntity, customerRow, dayRow } from './bareEntities.ts';
import { captureCustomers, type StorageWork } from './capturedCustomers.ts';
import { measureCpuMs } from './cpuTime.ts';
import { forEachOf } from './forEachOf.ts';

/** A bare loop over the SDK as a process: it submits the transactions that the product's stores do. */

const rowsPerTransaction = 100;

const { connectionString, concurrency, ...work } = readOptions<StorageWork>();
const customers = await captureCustomers(work);
const [usageByCustomer, usageByDay] = await Promise.all(
  ['UsageByCustomer', 'UsageByDay'].map(async (table) => {
    const options = { allowInsecureConnection: true };
    const client = TableClient.fromConnectionString(connectionString, table, options);
    await client.createTable();
    return client;
  }),
);

async function submit(client: TableClient | undefined, rows: BareEntity[]): Promise<void> {
  await client?.submitTransaction(rows.map((row): TransactionAction => ['upsert', row, 'Replace']));
}

async function store(): Promise<void> {
  let pending: BareEntity[] = [];
  await forEachOf(customers, concurrency, async (customer) => {
    await submit(usageByCustomer, customer.rows.map(customerRow));
    pending.push(dayRow(customer.dayRow));
    if (pending.length < rowsPerTransaction) return;
    const full = pending;
    pending = [];
    await submit(usageByDay, full);
  });
  if (pending.length > 0) await submit(usageByDay, pending);
}

/** Normalizes numbers, and removes absent columns. */
function plain(entity: Record<string, unknown>): Record<string, unknown> {
  const toPlain = (value: unknown) =>
    typeof value === 'object' && value !== null && 'value' in value ? Number(value.value) : value;
  return Object.fromEntries(
    Object.entries(entity)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toPlain(value)]),
  );
}

/** Whether both sides store the same. */
function check(): void {
  for (const customer of customers) {
    for (const row of customer.rows) {
      deepStrictEqual(plain(customerRow(row)), plain(toUsageByCustomerEntity(row)));
    }
    deepStrictEqual(plain(dayRow(customer.dayRow)), plain(toUsageByDayEntity(customer.dayRow)));
  }
}

const methods = {
  check,
  /** CPU time of storing all customers, in milliseconds. */
  store: () => measureCpuMs(store),
};
export type BareStorageMethods = typeof methods;
answerCalls(methods);
