import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { AzureBlobContainer } from '../../src/storage/azureBlobContainer.ts';
import { createStores, type Stores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { customer, customerId, date } from '../contract/snapshots.ts';
import { endAll, newTablePrefix, runCommandLine, storageAt } from '../support/commandLine.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { needFileModes } from '../support/platform.ts';

const other = `${customerId.slice(0, -1)}0`;
const plan = '5d1a2b3c-0000-4000-8000-000000000001';
const dayBefore = '2026-03-13';
const blobs = [customerId, other]
  .sort()
  .flatMap((id) => [dayBefore, date].map((day) => `${id}/${plan}/${day}.ndjson.gz`));

let azurite: EmbeddedAzurite;
let prefix: string;
let settings: Record<string, string>;
let container: AzureBlobContainer;
let stores: Stores;
let folder: string;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});
beforeEach(async () => {
  prefix = newTablePrefix();
  settings = { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix };
  container = new AzureBlobContainer(`${prefix}usage-details`, azurite);
  const tables = createTables(azurite, { prefix });
  await tables.ensureTables();
  stores = createStores(tables, container);
  await stores.usageDetails.ensureContainer();
  for (const id of [customerId, other]) {
    for (const snapshotDate of [dayBefore, date]) {
      await stores.usageByDay.upsertDay([customer({ snapshotDate, customerId: id })]);
      const day = { customerId: id, subscriptionId: plan, snapshotDate };
      await stores.usageDetails.write(day, gzipSync(`{"of":"${id} ${snapshotDate}"}\n`));
    }
  }
  folder = await mkdtemp(join(tmpdir(), 'details-'));
});
afterEach(() => rm(folder, { recursive: true }));

const inFolder = (...names: string[]) => join(folder, ...names);

async function blobNames(of = container): Promise<string[]> {
  return (await Array.fromAsync(of.list(''))).map(({ name }) => name);
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

function exportTo(name: string, ...args: string[]) {
  const to = ['--output', inFolder(name), '--details', inFolder('details')];
  return runCommandLine(['export', ...to, ...args], settings);
}

async function putFile(name: string, content: string): Promise<void> {
  const path = inFolder('details', ...name.split('/'));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

describe('export --details', () => {
  it('copies every blob as it is into a file, and says how many', async () => {
    const { exitCode, stdout, stderr } = await exportTo('all.ndjson');
    expect(stderr).toBe('');
    expect(stdout).toContain(`\n4 blobs added to ${inFolder('details')}, 0 already there\n`);
    expect(await filesIn(inFolder('details'))).toEqual(blobs);
    for (const name of blobs) {
      const file = await readFile(inFolder('details', name));
      expect(file).toEqual(Buffer.from((await container.get(name)) ?? []));
      expect(gunzipSync(file).toString()).toBe(
        `{"of":"${name.replace(/\/.+\/(.+?)\..+/, ' $1')}"}\n`,
      );
    }
    expect(exitCode).toBe(0);
  });

  it('copies those of the dates alone', async () => {
    const { stdout } = await exportTo('one.csv', '--from', date, '--to', date, '--json');
    expect(JSON.parse(stdout).blobs).toEqual({
      directory: inFolder('details'),
      added: 2,
      alreadyThere: 0,
    });
    const ofDate = blobs.filter((name) => name.includes(date));
    expect(await filesIn(inFolder('details'))).toEqual(ofDate);
    await exportTo('two.csv', '--to', dayBefore);
    expect(await filesIn(inFolder('details'))).toEqual(blobs);
  });

  it('run again copies what is missing or was written since, and no more', async () => {
    await exportTo('one.ndjson');
    const [missing = '', torn = '', ...same] = blobs;
    await rm(inFolder('details', missing));
    await writeFile(inFolder('details', torn), 'half');
    const { stdout } = await exportTo('two.ndjson', '--json');
    expect(JSON.parse(stdout).blobs).toMatchObject({ added: 2, alreadyThere: 2 });
    const [changed = ''] = same;
    const before = (await stat(inFolder('details', changed))).mtimeMs;
    await untilNextSecondOf(before);
    const content = Buffer.from((await container.get(changed)) ?? []);
    await container.put(
      changed,
      content.map((byte) => 255 - byte),
    );
    await exportTo('three.ndjson');
    for (const name of blobs) {
      const file = await readFile(inFolder('details', name));
      expect(file, name).toEqual(Buffer.from((await container.get(name)) ?? []));
    }
  });

  it('leaves no other file, and makes files that their owner alone may read', async (context) => {
    needFileModes(context);
    await exportTo('all.ndjson');
    const [name = ''] = blobs;
    expect((await stat(inFolder('details', name))).mode & 0o777).toBe(0o600);
    expect((await stat(inFolder('details'))).mode & 0o777).toBe(0o700);
  });

  it('says so where there is no container', async () => {
    settings = { ...settings, SNAPSHOT_TABLE_PREFIX: newTablePrefix() };
    const { exitCode, stdout, stderr } = await exportTo('none.ndjson');
    const name = `${settings['SNAPSHOT_TABLE_PREFIX']}usage-details`;
    expect(stderr).toBe(`there is no container ${name}: no records below plans were kept\n`);
    expect(stdout).toContain('\n0 blobs added to');
    expect(exitCode).toBe(0);
  });

  it('into what is no folder is bad usage: exit code 2, and nothing is written', async () => {
    await writeFile(inFolder('details'), '');
    const { exitCode, stderr } = await exportTo('all.ndjson');
    expect(stderr).toMatch(/^--details: EEXIST/);
    expect(await readdir(folder)).toEqual(['details']);
    expect(exitCode).toBe(2);
  });

  it('without them asks nothing of the blobs, also where the settings name none', async () => {
    const of = { ...settings, SNAPSHOT_STORAGE: withoutBlobs() };
    const end = await runCommandLine(['export', '--output', inFolder('rows.ndjson')], of);
    expect(end.exitCode).toBe(0);
    const imported = await runCommandLine(['import', inFolder('rows.ndjson')], of);
    expect(imported.exitCode).toBe(0);
  });
});

describe('import --details', () => {
  const importInto = (into: Record<string, string>, ...args: string[]) =>
    runCommandLine(
      ['import', inFolder('all.ndjson'), '--details', inFolder('details'), ...args],
      into,
    );

  it('puts back what is missing, creates the container, and does nothing twice', async () => {
    await exportTo('all.ndjson');
    const into = { ...settings, SNAPSHOT_TABLE_PREFIX: newTablePrefix() };
    const name = `${into.SNAPSHOT_TABLE_PREFIX}usage-details`;
    const { exitCode, stdout, stderr } = await importInto(into);
    expect(stderr).toBe('');
    expect(stdout).toContain(`\n4 blobs added to container ${name}, 0 already there\n`);
    expect(exitCode).toBe(0);
    const restored = new AzureBlobContainer(name, azurite);
    expect(await blobNames(restored)).toEqual(blobs);
    for (const blob of blobs) expect(await restored.get(blob)).toEqual(await container.get(blob));
    const again = await importInto(into, '--json');
    expect(JSON.parse(again.stdout).blobs).toMatchObject({ added: 0, alreadyThere: 4 });
  });

  it('leaves a blob that is there as it is', async () => {
    await exportTo('all.ndjson');
    const [missing = '', kept = ''] = blobs;
    await container.delete(missing);
    await container.put(kept, Uint8Array.of(1, 2, 3));
    const { stdout } = await importInto(settings, '--json');
    expect(JSON.parse(stdout).blobs).toMatchObject({ added: 1, alreadyThere: 3 });
    expect([...((await container.get(kept)) ?? [])]).toEqual([1, 2, 3]);
    expect(await blobNames()).toEqual(blobs);
  });

  it('leaves out what a killed export has left', async () => {
    await exportTo('all.ndjson');
    await putFile(`${blobs[0]}.0b9f.partial`, 'half');
    expect((await importInto(settings)).exitCode).toBe(0);
    expect(await blobNames()).toEqual(blobs);
  });

  it.each([
    ['a.txt'],
    [`${customerId}/${plan}/2026-02-30.ndjson.gz`],
    [`${customerId}/${plan}/2026-03-01.ndjson`],
    [`${customerId}/2026-03-01.ndjson.gz`],
    [`${customerId.toUpperCase()}/${plan}/2026-03-01.ndjson.gz`],
    [`${customerId}/.${plan}/2026-03-01.ndjson.gz`],
    [`${customerId}/${plan}/more/2026-03-01.ndjson.gz`],
  ])('names the file %s and imports nothing: exit code 2', async (name) => {
    await exportTo('all.ndjson');
    await putFile(name, 'x');
    const into = { ...settings, SNAPSHOT_TABLE_PREFIX: newTablePrefix() };
    const { exitCode, stdout, stderr } = await importInto(into);
    expect(stderr).toBe(
      '--details: expected only files <customerId>/<planId>/<yyyy-MM-dd>.ndjson.gz in ' +
        `${inFolder('details')}, got ${name}\n`,
    );
    expect(stdout).toBe('');
    const made = new AzureBlobContainer(`${into.SNAPSHOT_TABLE_PREFIX}usage-details`, azurite);
    expect(await made.exists()).toBe(false);
    expect(exitCode).toBe(2);
  });

  it('of a folder that is not there is bad usage: exit code 2', async () => {
    await exportTo('all.ndjson');
    await rm(inFolder('details'), { recursive: true });
    const { exitCode, stderr } = await importInto(settings);
    expect(stderr).toMatch(/^--details: ENOENT/);
    expect(exitCode).toBe(2);
  });
});

describe('prune', () => {
  it('removes the blobs of days before the date, and no others', async () => {
    const foreign = ['doctor/left', `${customerId}/${plan}/notes.txt`];
    for (const name of foreign) await container.put(name, Uint8Array.of(1));
    const args = ['prune', '--before', date, '--yes'];
    const { exitCode, stdout } = await runCommandLine(args, settings);
    expect(stdout).toContain(`\n2 blobs of ${prefix}usage-details were removed\n`);
    const left = blobs.filter((name) => name.includes(date));
    expect(await blobNames()).toEqual([...left, ...foreign].sort());
    expect(exitCode).toBe(0);
    const again = await runCommandLine([...args, '--json'], settings);
    expect(JSON.parse(again.stdout).removedBlobs).toBe(0);
  });
});

describe('forget', () => {
  const args = ['forget', customerId, '--yes'];

  it('removes all blobs of the customer, also those that no row belongs to', async () => {
    await container.put(`${customerId}/unknown/2020-01-01.ndjson.gz`, Uint8Array.of(1));
    await container.put(`${customerId}/left`, Uint8Array.of(1));
    const alike = `${customerId}0/left`;
    await container.put(alike, Uint8Array.of(1));
    const { exitCode, stdout } = await runCommandLine(args, settings);
    expect(stdout).toContain(`2 rows of customer ${customerId} were removed\n`);
    expect(stdout).toContain(`\n4 blobs of ${prefix}usage-details were removed\n`);
    const left = [...blobs.filter((name) => name.startsWith(other)), alike].sort();
    expect(await blobNames()).toEqual(left);
    expect(exitCode).toBe(0);
  });

  it('removes blobs of a customer that has no row any more', async () => {
    await runCommandLine(args, settings);
    await container.put(`${customerId}/left`, Uint8Array.of(1));
    const { stdout } = await runCommandLine([...args, '--json'], settings);
    expect(JSON.parse(stdout)).toMatchObject({ customerId, removedBlobs: 1 });
  });
});

describe.each([
  ['prune', ['--before', date], 'rows recorded before 2026-03-14'],
  ['forget', [customerId], `rows of customer ${customerId}`],
] as const)('%s that cannot look at the blobs', (command, which, what) => {
  const args = [command, ...which, '--yes', '--json'];

  it('because the settings name none says what to do after the rows: exit code 1', async () => {
    const of = { ...settings, SNAPSHOT_STORAGE: withoutBlobs() };
    const { exitCode, stdout, stderr } = await runCommandLine(args, of);
    expect(stderr).toMatch(
      new RegExp(
        `^2 ${what} were removed, but not their blobs: blob storage: expected a connection ` +
          'string that names it, got: .+; then run this again\\n$',
      ),
    );
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
    expect((await runCommandLine(args, settings)).exitCode).toBe(0);
    expect((await blobNames()).length).toBe(2);
  });

  it('because it may not names the role: exit code 1', async () => {
    const error =
      '<Error><Code>AuthorizationPermissionMismatch</Code><Message>No.</Message></Error>';
    const server = await startHttpServer((_request, response) => {
      response.writeHead(403, { 'content-type': 'application/xml' }).end(error);
    });
    const storage = `${withoutBlobs()};BlobEndpoint=${server.url}/devstoreaccount1`;
    const end = await runCommandLine(args, { ...settings, SNAPSHOT_STORAGE: storage });
    await server.close();
    expect(end.stderr).toMatch(
      /not their blobs: container \w+-details: AuthorizationPermissionMismatch: .+; needs the role Storage Blob Data Contributor on this container, which deploying again gives, and the way through the account's network rules; then run this again\n$/,
    );
    expect(end.exitCode).toBe(1);
  });
});

/** The emulator's tables alone. */
function withoutBlobs(): string {
  return storageAt(azurite.port);
}

/** Blob storage tells times in whole seconds. */
async function untilNextSecondOf(ms: number): Promise<void> {
  const probe = new AzureBlobContainer(`${prefix}probe`, azurite);
  await probe.ensure();
  for (let attempt = 0; attempt < 1_000; attempt++) {
    await probe.put('now', Uint8Array.of(1));
    const [blob] = await Array.fromAsync(probe.list('now'));
    if (blob && blob.modifiedMs > ms) return;
  }
  throw new Error('expected the clock of the emulator to go on');
}
