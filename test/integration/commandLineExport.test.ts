import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { customer, customerId, date, partner, run, subscription } from '../contract/snapshots.ts';
import {
  endAll,
  findClosedPort,
  newTablePrefix,
  runCommandLine,
  startCommandLine,
  storageAt,
} from '../support/commandLine.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { needFileModes, needSignals } from '../support/platform.ts';

let azurite: EmbeddedAzurite;
/** Of the storage alone: no setting of Partner Center. */
let settings: Record<string, string>;
let folder: string;

beforeAll(async () => {
  azurite = await startAzurite();
  settings = settingsOf(newTablePrefix());
  const tables = createTables(azurite, { prefix: settings['SNAPSHOT_TABLE_PREFIX'] });
  await tables.ensureTables();
  const stores = createStores(tables);
  for (const snapshotDate of ['2026-03-13', date]) {
    const failure = { phase: 'summary', status: 503, code: 'HTTP_503', message: '=down' } as const;
    await stores.usageByCustomer.upsertCustomer([
      customer({ snapshotDate, customerName: 'Müller, "Söhne" 😀' }),
      subscription(1, { snapshotDate, outcome: 'failed', failure }),
    ]);
    await stores.usageByCustomer.upsertPartner(partner({ snapshotDate }));
    await stores.usageByDay.upsertDay([customer({ snapshotDate })]);
    await stores.snapshotRuns.upsert(run({ snapshotDate }));
  }
  await stores.lease.acquire(run().runId, 1);
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
});
afterEach(() => rm(folder, { recursive: true }));

function settingsOf(prefix: string): Record<string, string> {
  return { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix };
}

const exportTo = (file: string, ...args: string[]) =>
  runCommandLine(['export', '--output', file, ...args], settings);
const inFolder = (name: string) => join(folder, name);

describe('export', () => {
  it('writes every row of every table as NDJSON, and says how many of which', async () => {
    const { exitCode, stdout, stderr } = await exportTo(inFolder('backup.ndjson'));
    expect(stderr).toBe('');
    const lines = (await readFile(inFolder('backup.ndjson'), 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line).table)).toEqual([
      ...Array(6).fill('UsageByCustomer'),
      ...Array(2).fill('UsageByDay'),
      ...Array(2).fill('SnapshotRuns'),
    ]);
    expect(stdout).toMatch(/^10 rows in .+backup\.ndjson\n/);
    expect(stdout).toMatch(
      /\nUsageByCustomer +6\nUsageByDay +2\nUsageByAzureSubscription +0\nSnapshotRuns +2\nBudgetAlerts +0\n$/,
    );
    expect(exitCode).toBe(0);
  });

  it('leaves nothing but the file', async () => {
    await exportTo(inFolder('backup.ndjson'));
    expect(await readdir(folder)).toEqual(['backup.ndjson']);
  });

  it('makes a file that its owner alone may read', async (context) => {
    needFileModes(context);
    await exportTo(inFolder('backup.ndjson'));
    expect((await stat(inFolder('backup.ndjson'))).mode & 0o777).toBe(0o600);
  });

  it('--json prints one document', async () => {
    const file = inFolder('backup.ndjson');
    const { exitCode, stdout } = await exportTo(file, '--from', date, '--json');
    expect(JSON.parse(stdout)).toEqual({
      file,
      rows: {
        UsageByCustomer: 3,
        UsageByDay: 1,
        UsageByAzureSubscription: 0,
        SnapshotRuns: 1,
        BudgetAlerts: 0,
      },
    });
    expect(exitCode).toBe(0);
  });

  it('writes the rows of customers and subscriptions as CSV, without a byte order mark', async () => {
    const file = inFolder('usage.CSV');
    const { exitCode, stdout } = await exportTo(file, '--from', date, '--to', date, '--json');
    expect(JSON.parse(stdout)).toEqual({ file, rows: { customer: 1, subscription: 1 } });
    const [header, ...lines] = (await readFile(file, 'utf8')).split('\r\n');
    expect(header).toMatch(/^snapshotDate,resource,outcome,customerId,customerName,/);
    expect(lines[0]).toMatch(
      `${date},customer,usage,${customerId},"Müller, ""Söhne"" 😀",,,,,,azurePlan,EUR,` +
        '28.82860766744404945074,31.5,500,5.77,2026-03-01T00:00:00+00:00,',
    );
    expect(lines[1]).toMatch(/,summary,503,HTTP_503,'=down,/);
    expect(lines.slice(2)).toEqual(['']);
    expect(exitCode).toBe(0);
  });

  it('does not replace a file, and says so before it asks the storage: exit code 2', async () => {
    const file = inFolder('old.ndjson');
    await writeFile(file, 'old');
    const silent = { SNAPSHOT_STORAGE: storageAt(await findClosedPort()) };
    const { exitCode, stderr } = await runCommandLine(['export', '--output', file], silent);
    expect(stderr).toBe(`--output: expected a file that is not there yet, got ${file}\n`);
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(exitCode).toBe(2);
  });

  it.each([
    [
      ['--output', 'rows.json'],
      'expected a file name with the ending .ndjson or .csv, got rows.json',
    ],
    [['--output', '/no/such/folder/rows.csv'], '--output: ENOENT'],
    [[], "required option '--output <file>'"],
    [['--output', 'a.csv', '--from', '2026-1-1'], 'expected a date yyyy-MM-dd, got "2026-1-1"'],
    [
      ['--output', 'a.csv', '--from', '2026-03-02', '--to', '2026-03-01'],
      '--from: expected a date up to 2026-03-01, got 2026-03-02',
    ],
  ])('%j is bad usage: exit code 2', async (args, message) => {
    const { exitCode, stdout, stderr } = await runCommandLine(['export', ...args], settings);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});

describe('an export that ends after its first page', () => {
  const page = JSON.stringify({ value: [{ PartitionKey: 'p', RowKey: 'r' }] });
  const more = { 'x-ms-continuation-nextpartitionkey': 'p', 'x-ms-continuation-nextrowkey': 's' };

  /** A table whose second page is as given; resolves once that was asked for. */
  async function startTable(answerSecond: (response: ServerResponse) => void) {
    const asked = Promise.withResolvers<void>();
    const server = await startHttpServer((request, response) => {
      if (request.url?.includes('NextRowKey')) {
        answerSecond(response);
        asked.resolve();
      } else {
        response.writeHead(200, { 'content-type': 'application/json', ...more }).end(page);
      }
    });
    const storage = storageAt(Number(new URL(server.url).port));
    return { server, settings: { SNAPSHOT_STORAGE: storage }, asked: asked.promise };
  }

  it.for(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'by %s leaves no file that could be taken for a whole one',
    async (signal, context) => {
      if (signal !== 'SIGKILL') needSignals(context);
      const { server, settings: of, asked } = await startTable(() => {});
      const started = startCommandLine(['export', '--output', inFolder('backup.ndjson')], of);
      await asked;
      started.kill(signal);
      const { exitCode, stdout, stderr } = await started.ended;
      await server.close();
      const left = (await readdir(folder)).map((name) => name.replace(/\.[\da-f-]{36}\./, '.*.'));
      const isKilled = signal === 'SIGKILL';
      expect(left).toEqual(isKilled ? ['backup.ndjson.*.partial'] : []);
      expect(stdout).toBe('');
      expect(stderr).toBe(isKilled ? '' : `${signal}: ending …\nended by ${signal}\n`);
      expect(exitCode).toBe(isKilled ? null : 1);
    },
  );

  it('by an error of the storage leaves no file, and names the table', async () => {
    const error = '{"odata.error":{"code":"InvalidInput","message":{"value":"no"}}}';
    const { server, settings: of } = await startTable((response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end(error),
    );
    const end = await runCommandLine(['export', '--output', inFolder('backup.ndjson')], of);
    await server.close();
    expect(end.stderr).toBe('table UsageByCustomer: InvalidInput (HTTP 400): no\n');
    expect(await readdir(folder)).toEqual([]);
    expect(end.exitCode).toBe(1);
  });
});

it('an export does not replace a file that came meanwhile, and leaves no other', async () => {
  const file = inFolder('backup.ndjson');
  const server = await startHttpServer((_request, response) => {
    writeFile(file, 'other').then(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[]}');
    });
  });
  const of = { SNAPSHOT_STORAGE: storageAt(Number(new URL(server.url).port)) };
  const { exitCode } = await runCommandLine(['export', '--output', file], of);
  await server.close();
  expect(await readdir(folder)).toEqual(['backup.ndjson']);
  expect(await readFile(file, 'utf8')).toBe('other');
  expect(exitCode).toBe(2);
});
