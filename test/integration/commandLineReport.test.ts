import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import {
  endAll,
  findClosedPort,
  newTablePrefix,
  runCommandLine,
  secrets,
  storageAt,
} from '../support/commandLine.ts';
import { needFileModes } from '../support/platform.ts';
import { customerId, row, rowWithout, run } from '../support/recorded.ts';
import { keepPeriod } from '../support/reportedDays.ts';

const idle = 'aaaaaaaa-0000-4000-8000-000000000002';
const nobody = 'ffffffff-0000-4000-8000-00000000000f';
const exact = '28.82860766744404945074';
const march = { start: '2026-03-01', end: '2026-04-01' };

let azurite: EmbeddedAzurite;
/** Of the storage alone: no setting of Partner Center. */
let settings: Record<string, string>;
let folder: string;

beforeAll(async () => {
  azurite = await startAzurite();
  const prefix = newTablePrefix();
  settings = { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix };
  const tables = createTables(azurite, { prefix });
  await tables.ensureTables();
  const stores = createStores(tables);
  const subscriptions = ['=HYPERLINK("x")', 'Azure <plan>'];
  const azureSubscriptions = { '=Prod': 1 };
  const missing = ['2026-03-07'];
  await keepPeriod(stores, { ...march, cost: exact, subscriptions, azureSubscriptions, missing });
  await stores.usageByCustomer.upsertCustomer([
    { ...rowWithout('2026-03-05', 'noUsage'), resource: 'customer', customerId: idle },
  ]);
  // A name is looked up in the latest day of the last weeks.
  const today = new Date().toISOString().slice(0, 10);
  await stores.snapshotRuns.upsert(run(today));
  await stores.usageByDay.upsertDay([row(today, '20')]);
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterEach(() => rm(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);
const report = (customer: string, file: string, ...args: string[]) =>
  runCommandLine(
    ['report', customer, '--period', '2026-03', '--output', inFolder(file), ...args],
    settings,
  );

describe('report', () => {
  it('writes a page by a name of the customer, and says of which period', async () => {
    const { exitCode, stdout, stderr } = await report('maple', 'Maple.HTML');
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^Maple Foods\n\nfrom .*\n2026-03-01 +2026-03-31 +EUR +azurePlan +893\.69\n\n.*Maple\.HTML\n$/,
    );
    const page = await readFile(inFolder('Maple.HTML'), 'utf8');
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('893.69 <small>EUR</small>');
    expect(page).toContain('Azure &lt;plan&gt;');
    expect(page).toContain('× not recorded');
    expect(await readdir(folder)).toEqual(['Maple.HTML']);
    expect(exitCode).toBe(0);
  });

  it('writes a CSV with every digit and a markup in it, and no formula', async () => {
    const { exitCode } = await report(customerId, 'march.csv', '--markup', '7.5');
    expect(exitCode).toBe(0);
    const [header, total, ...lines] = (await readFile(inFolder('march.csv'), 'utf8')).split('\r\n');
    expect(header).toMatch(/^line,customerId,customerName,billingPeriodStart,billingPeriodEnd,/);
    // 31 days with 7.5 % on top: 28.82860766744404945074 × 31 × 1.075.
    expect(total).toBe(
      `total,${customerId},Maple Foods,2026-03-01,2026-04-01,EUR,azurePlan,,,,,960.7133505175729479459105,,,,,,7.5,2026-04-01,false,,`,
    );
    expect(lines.filter((line) => line.startsWith('day,'))).toHaveLength(31);
    expect(lines.filter((line) => line.includes(',missing,'))).toHaveLength(1);
    const [plan] = lines.filter((line) => line.startsWith('subscription,'));
    expect(plan).toMatch(/,"?'=HYPERLINK\(""x""\)"?,480\.35667525878647397/);
    const [part] = lines.filter((line) => line.startsWith('azureSubscription,'));
    expect(part).toMatch(
      /,480\.35667525878647397\d*,.*,b0000000-0000-4000-8000-000000000000,'=Prod$/,
    );
  });

  it('--json prints one document', async () => {
    const { stdout } = await report(customerId, 'march.html', '--json');
    expect(JSON.parse(stdout)).toEqual({
      file: inFolder('march.html'),
      customerId,
      periods: [
        {
          billingPeriodStart: '2026-03-01',
          billingPeriodEnd: '2026-04-01',
          currency: 'EUR',
          plan: 'azurePlan',
          totalCost: Number('893.68683769076553297294'),
          lastSnapshotDate: '2026-04-01',
          isFinal: false,
        },
      ],
    });
    expect(stdout).toContain('893.68683769076553297294');
  });

  it('makes a file that its owner alone may read', async (context) => {
    needFileModes(context);
    await report(customerId, 'march.html');
    expect((await stat(inFolder('march.html'))).mode & 0o777).toBe(0o600);
  });

  it('does not replace a file: exit code 2', async () => {
    await writeFile(inFolder('old.html'), 'old');
    const { exitCode, stderr } = await report(customerId, 'old.html');
    expect(stderr).toContain('--output: expected a file that is not there yet');
    expect(await readFile(inFolder('old.html'), 'utf8')).toBe('old');
    expect(exitCode).toBe(2);
  });

  it.each([
    [['--output', 'march.pdf'], 'a file name with the ending .html or .csv, got march.pdf'],
    [['--markup', '-1'], 'expected percent from 0 to 100, such as 7.5, got "-1"'],
    [['--markup', '107.5'], 'expected percent from 0 to 100, such as 7.5, got "107.5"'],
    [['--markup', '7,5'], 'got "7,5"'],
    [['--markup', '1e1'], 'got "1e1"'],
    [['--markup', ''], 'got ""'],
    [['--period', '2026-13'], 'expected a month yyyy-MM from 2000-01 to 2999-12, got "2026-13"'],
    [['--period', '2026-03-01'], 'got "2026-03-01"'],
  ])(
    'with %j says what was expected before it asks the storage: exit code 2',
    async (args, problem) => {
      const silent = { SNAPSHOT_STORAGE: storageAt(await findClosedPort()) };
      const all = ['report', customerId, '--period', '2026-03', '--output', 'x.html', ...args];
      const { exitCode, stdout, stderr } = await runCommandLine(all, silent);
      expect(stderr).toContain(problem);
      expect(stdout).toBe('');
      expect(exitCode).toBe(2);
    },
  );

  it('of a month without a period says what was recorded of it, and writes nothing', async () => {
    const { exitCode, stderr } = await report(idle, 'idle.html');
    expect(stderr).toBe(
      'Maple Foods has no recorded billing period that starts in 2026-03; days of that month without a period: 1 noUsage, 26 missing.\n',
    );
    expect(exitCode).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a customer that never had a row says so, and writes nothing', async () => {
    const { exitCode, stderr } = await report(nobody, 'nobody.html');
    expect(stderr).toContain('never a row');
    expect(exitCode).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('prints no secret', async () => {
    const { stdout, stderr } = await report(customerId, 'march.html');
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  });
});
