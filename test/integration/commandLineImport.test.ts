import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { tableNames } from '../../src/storage/tableNames.ts';
import { createTables } from '../../src/storage/tables.ts';
import { customer, run, subscription } from '../contract/snapshots.ts';
import {
  endAll,
  newTablePrefix,
  printed,
  runCommandLine,
  secrets,
} from '../support/commandLine.ts';

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
  await stores.usageByCustomer.upsertCustomer([customer(), subscription(1)]);
  await stores.usageByDay.upsertDay([customer()]);
  await stores.snapshotRuns.upsert(run());
  await stores.lease.acquire(run().runId, 1);
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
});
afterEach(() => rm(folder, { recursive: true }));

function settingsOf(prefix: string): Record<string, string> {
  return { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix };
}

const inFolder = (name: string) => join(folder, name);

describe('import', () => {
  const importFrom = (file: string, into: Record<string, string>, ...args: string[]) =>
    runCommandLine(['import', file, ...args], into);

  it('puts an export back, and the export of that is the same file', async () => {
    await runCommandLine(['export', '--output', inFolder('one.ndjson')], settings);
    const into = settingsOf(newTablePrefix());
    const { exitCode, stdout, stderr } = await importFrom(inFolder('one.ndjson'), into);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^4 rows added, 0 already there\n/);
    expect(stdout).toMatch(/\nUsageByCustomer +2 +0\nUsageByDay +1 +0\n/);
    expect(exitCode).toBe(0);
    await runCommandLine(['export', '--output', inFolder('two.ndjson')], into);
    const [one, two] = await Promise.all(
      ['one.ndjson', 'two.ndjson'].map((name) => readFile(inFolder(name), 'utf8')),
    );
    expect(two).toBe(one);
    expect((await importFrom(inFolder('one.ndjson'), into)).stdout).toMatch(
      /^0 rows added, 4 already there\n/,
    );
  });

  it('--json prints one document, also of an empty file', async () => {
    const file = inFolder('empty.ndjson');
    await writeFile(file, '');
    const { exitCode, stdout } = await importFrom(file, settings, '--json');
    const none = Object.fromEntries(tableNames.map((name) => [name, 0]));
    expect(JSON.parse(stdout)).toEqual({ file, added: none, alreadyThere: none });
    expect(exitCode).toBe(0);
  });

  it('names the line that cannot be read: exit code 1', async () => {
    await writeFile(inFolder('bad.ndjson'), '\n{"table":"UsageByDay"}\n');
    const { exitCode, stdout, stderr } = await importFrom(inFolder('bad.ndjson'), settings);
    expect(stderr).toBe('line 2: expected column PartitionKey to be a string, got none\n');
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['usage.csv', 'expected an export as NDJSON, got '],
    ['missing.ndjson', 'expected a file to import: ENOENT'],
  ])('of %s is bad usage: exit code 2', async (name, message) => {
    const { exitCode, stdout, stderr } = await importFrom(inFolder(name), settings);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});

it('names the settings that are missing, asks for none of Partner Center, prints no secret', async () => {
  await writeFile(inFolder('empty.ndjson'), '');
  for (const args of [
    ['export', '--output', inFolder('a.csv')],
    ['import', inFolder('empty.ndjson')],
  ]) {
    const { exitCode, stderr } = await runCommandLine(args);
    expect(stderr).toMatch(/^SNAPSHOT_STORAGE\b.+got none of them\n$/);
    expect(exitCode).toBe(2);
  }
  expect([...secrets].filter((secret) => printed.join('').includes(secret))).toEqual([]);
});
