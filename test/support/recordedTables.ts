import { readFileSync } from 'node:fs';
import { request as forward } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { createApp } from '../../src/app/app.ts';
import { openArchive, openExport, openHistory, openStores } from '../../src/app/openTables.ts';
import { startSimulatedPartner } from '../../src/cli/simulatedPartner.ts';
import { createTravellingClock } from '../../src/cli/travellingClock.ts';
import { loadConfig, loadHistoryConfig, loadStorageConfig } from '../../src/config/loadConfig.ts';
import type { HistoryContext } from '../../src/history/historyContext.ts';
import type { SnapshotResult } from '../../src/snapshot/snapshotRun.ts';
import { type RawColumn, toRawEntity } from '../../src/storage/archive/rawRow.ts';
import { fromLine, toLine } from '../../src/storage/archive/rowLine.ts';
import type { Entity } from '../../src/storage/columns.ts';
import { createStoresOver, type Stores } from '../../src/storage/createStores.ts';
import { MemoryTable } from '../../src/storage/memoryTable.ts';
import { type TableName, tableNames } from '../../src/storage/tableNames.ts';
import { createTables } from '../../src/storage/tables.ts';
import { exportFrom, importInto } from './archives.ts';
import { storageAt } from './commandLine.ts';
import { startHttpServer } from './httpServer.ts';
import { createNight } from './night.ts';
import { VirtualClock } from './virtualClock.ts';

/** The partner whose nights the recorded rows are of, as the simulator knows it. */
const partner = { seed: 149, customers: 14 };
/** The night after the recorded ones. */
const nightStart = '2026-04-03T02:30:00Z';

const folder = new URL('../fixtures/', import.meta.url);

/** A file of the fixtures, as it is. */
export function readFixture(path: string): Buffer {
  return readFileSync(new URL(path, folder));
}

/** Every recorded row, as `export` writes it. */
export const recordedRows: string = gunzipSync(readFixture('tables/rows.ndjson.gz')).toString();

const [running = '', ofOldVersion = '', givenBack = ''] = linesOf(
  readFixture('tables/leases.ndjson').toString(),
);
/** The lease, which no export has, in each form that a deployment may have left it in. */
export const recordedLeases = { running, ofOldVersion, givenBack };

export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Tables of one deployment, wherever they are, with what the product makes of them. */
export interface Deployment {
  stores: Stores;
  /** Adds lines of an export. */
  load(lines: string): Promise<void>;
  /** Puts the lease there, which `load` refuses. */
  putLease(line: string): Promise<void>;
  /** Every row but the lease, as `export` writes it. */
  exportRows(): Promise<string>;
  /** What the API reads from, at an instant. */
  openHistory(nowMs: number): HistoryContext;
  /** The night after the recorded ones. */
  runNight(): Promise<SnapshotResult>;
  /** Sets the clock of the table service. */
  setTableClock(epochMs: number): void;
  /** What the clock of the table service shows. */
  tableNow(): number;
}

/** In memory: what simulations and most tests of the product run on. */
export function openMemoryDeployment(): Deployment {
  const clock = new VirtualClock(nightStart);
  let shiftMs = 0;
  const tableNow = () => clock.now() + shiftMs;
  const tables = Object.fromEntries(
    tableNames.map((name) => [name, new MemoryTable(name, tableNow)]),
  ) as Record<TableName, MemoryTable>;
  const stores = createStoresOver({
    usageByCustomer: tables.UsageByCustomer,
    usageByDay: tables.UsageByDay,
    usageByAzureSubscription: tables.UsageByAzureSubscription,
    snapshotRuns: tables.SnapshotRuns,
    budgetAlerts: tables.BudgetAlerts,
  });
  const put = async (line: string) => {
    const { table, row } = fromLine(line);
    await tables[table].insert(toRawEntity(row) as Entity);
  };
  return {
    stores,
    async load(lines) {
      for (const line of linesOf(lines)) await put(line);
    },
    putLease: put,
    exportRows: () => exportMemory(tables),
    openHistory: (nowMs) => ({
      stores,
      now: () => nowMs,
      minimumCost: 10,
      hasCustomerMetrics: false,
      onUnreadable: rethrow,
    }),
    runNight: () => createNight({ ...partner, clock, stores }).run(),
    setTableClock(epochMs) {
      shiftMs = epochMs - clock.now();
    },
    tableNow,
  };
}

/** In the service: opened as the commands and functions open it. */
export async function openServiceDeployment(emulatorPort: number, prefix: string) {
  let shiftMs = 0;
  const proxy = await startDatedProxy(emulatorPort, () => shiftMs);
  const settings = {
    SNAPSHOT_STORAGE: storageAt(Number(new URL(proxy.url).port)),
    SNAPSHOT_TABLE_PREFIX: prefix,
  };
  const config = loadStorageConfig(settings);
  const stores = openStores(config);
  await stores.ensureTables();
  const deployment: Deployment = {
    stores,
    async load(lines) {
      await importInto(openArchive(config), lines);
    },
    async putLease(line) {
      const connectionString = settings.SNAPSHOT_STORAGE;
      const { snapshotRuns } = createTables({ connectionString }, { prefix });
      await snapshotRuns.createEntity(toRawEntity(fromLine(line).row));
    },
    exportRows: () => exportFrom(openExport(config)),
    openHistory: (nowMs) => ({
      ...openHistory(loadHistoryConfig(settings)),
      now: () => nowMs,
      onUnreadable: rethrow,
    }),
    runNight: () => runServiceNight(settings),
    setTableClock(epochMs) {
      shiftMs = epochMs - Date.now();
    },
    tableNow: () => Date.now() + shiftMs,
  };
  return { ...deployment, close: proxy.close };
}

async function runServiceNight(settings: Record<string, string>): Promise<SnapshotResult> {
  const clock = createTravellingClock(Date.parse(nightStart));
  const simulated = await startSimulatedPartner({ ...partner, clock });
  const config = loadConfig({ ...simulated.settings, ...settings });
  const app = createApp(config, { emit() {} }, clock);
  try {
    return await app.runSnapshot({ trigger: 'timer' });
  } finally {
    await app.close();
    await simulated.close();
  }
}

/** The emulator with another clock: the product goes by the `Date` of its answers alone. */
function startDatedProxy(port: number, shiftMs: () => number) {
  return startHttpServer((request, response) => {
    const { method, url, headers } = request;
    const options = { hostname: '127.0.0.1', port, method, path: url, headers };
    const sent = forward(options, (answer) => {
      const date = new Date(Date.now() + shiftMs()).toUTCString();
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
      answer.pipe(response);
    });
    sent.on('error', () => response.destroy());
    request.pipe(sent);
  });
}

/** By table, partition key and row key, like an export. */
async function exportMemory(tables: Record<TableName, MemoryTable>): Promise<string> {
  let text = '';
  for (const table of tableNames) {
    const all = { partitions: { from: '', to: '\uffff' } };
    for await (const { etag, timestamp, ...entity } of tables[table].list(all)) {
      const { partitionKey, rowKey, ...columns } = entity;
      if (partitionKey === 'lease') continue;
      const row = { partitionKey, rowKey, columns: new Map(Object.entries(columns).map(toColumn)) };
      text += `${toLine({ table, row })}\n`;
    }
  }
  return text;
}

function toColumn([name, value]: [string, unknown]): [string, RawColumn] {
  if (typeof value !== 'object') return [name, value as string | boolean];
  const typed = value as { type: 'Double' | 'Int32'; value: string | number };
  return [name, { type: typed.type, value: String(typed.value) }];
}

function rethrow(error: Error): never {
  throw error;
}
