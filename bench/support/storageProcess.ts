import '../../src/app/v8Flags.ts';
import { systemClock } from '../../src/clock.ts';
import { DayWriter } from '../../src/snapshot/dayWriter.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import { answerCalls, readOptions } from './answerCalls.ts';
import { captureCustomers, type StorageWork } from './capturedCustomers.ts';
import { measureCpuMs } from './cpuTime.ts';
import { forEachOf } from './forEachOf.ts';

/** The product's stores as a process: it stores captured customers as a run does. */

const { connectionString, concurrency, ...work } = readOptions<StorageWork>();
const customers = await captureCustomers(work);
const tables = createTables({ connectionString });
await tables.ensureTables();
const { usageByCustomer, usageByDay } = createStores(tables);
/** As a run has one, for the loss of its lease. */
const { signal: abortSignal } = new AbortController();

async function store(): Promise<void> {
  const upsertDay = (rows: LedgerRow[]) => usageByDay.upsertDay(rows, { abortSignal });
  const dayWriter = new DayWriter({ upsertDay }, systemClock);
  await forEachOf(customers, concurrency, async ({ rows, dayRow }) => {
    await usageByCustomer.upsertCustomer(rows, { abortSignal });
    await dayWriter.add(dayRow);
  });
  await dayWriter.flush();
}

const methods = {
  /** CPU time of storing all customers, in milliseconds. */
  store: () => measureCpuMs(store),
};
export type StorageMethods = typeof methods;
answerCalls(methods);
