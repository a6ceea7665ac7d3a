import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { forget } from '../../src/cli/forget.ts';
import { prune } from '../../src/cli/prune.ts';
import { systemClock } from '../../src/clock.ts';
import { createStores, type Stores } from '../../src/storage/createStores.ts';
import { tableNames } from '../../src/storage/tableNames.ts';
import { createTables } from '../../src/storage/tables.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import { collect, customer, customerId, date, run } from '../contract/snapshots.ts';
import { endAll, newTablePrefix, runCommandLine } from '../support/commandLine.ts';

const other = 'ffffffff-0000-4000-8000-000000000000';
const dayBefore = '2026-03-13';

const noRows = Object.fromEntries(tableNames.map((name) => [name, 0]));

let azurite: EmbeddedAzurite;
let settings: Record<string, string>;
let stores: Stores;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});
beforeEach(async () => {
  const prefix = newTablePrefix();
  settings = { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix };
  const tables = createTables(azurite, { prefix });
  await tables.ensureTables();
  stores = createStores(tables);
  for (const snapshotDate of [dayBefore, date]) {
    for (const id of [customerId, other]) {
      const row = customer({ snapshotDate, customerId: id });
      await stores.usageByCustomer.upsertCustomer([row]);
      await stores.usageByDay.upsertDay([row]);
    }
    await stores.snapshotRuns.upsert(run({ snapshotDate }));
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The ledger: each day with its customers. */
async function rowsLeft(): Promise<string[]> {
  const days = await Promise.all(
    [dayBefore, date].map((day) => collect(stores.usageByDay.listDay(day))),
  );
  return days.flat().map((row) => `${row.snapshotDate} ${row.customerId}`);
}

const all = [dayBefore, date].flatMap((day) => [`${day} ${customerId}`, `${day} ${other}`]);

describe('prune', () => {
  it('--yes removes what was recorded before the date, and says how many of which', async () => {
    const args = ['prune', '--before', date, '--yes'];
    const { exitCode, stdout, stderr } = await runCommandLine(args, settings);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^5 rows recorded before 2026-03-14 were removed\n/);
    expect(stdout).toMatch(
      /\nUsageByCustomer +2\nUsageByDay +2\nUsageByAzureSubscription +0\nSnapshotRuns +1\nBudgetAlerts +0\n/,
    );
    expect(await rowsLeft()).toEqual(all.slice(2));
    expect(exitCode).toBe(0);
    const again = await runCommandLine(args, settings);
    expect(again.stdout).toMatch(/^there were no rows recorded before 2026-03-14\n/);
    expect(again.exitCode).toBe(0);
  });

  it('--json prints one document', async () => {
    const args = ['prune', '--before', dayBefore, '--yes', '--json'];
    const { exitCode, stdout } = await runCommandLine(args, settings);
    const removed = noRows;
    expect(JSON.parse(stdout)).toEqual({ before: dayBefore, removed, removedBlobs: 0 });
    expect(exitCode).toBe(0);
  });

  it('takes no date after today: exit code 2', async () => {
    const tomorrow = addDays(utcDateOf(systemClock.now()), 1);
    const { exitCode, stderr } = await runCommandLine(
      ['prune', '--before', tomorrow, '--yes'],
      settings,
    );
    expect(stderr).toMatch(/^--before: expected a date up to today, .+, got .+\n$/);
    expect(await rowsLeft()).toEqual(all);
    expect(exitCode).toBe(2);
  });
});

describe('forget', () => {
  it('--yes removes every row of the customer, whose id may be in any case', async () => {
    const args = ['forget', customerId.toUpperCase(), '--yes'];
    const { exitCode, stdout } = await runCommandLine(args, settings);
    expect(stdout).toMatch(`4 rows of customer ${customerId} were removed\n`);
    expect(stdout).toContain('the next night records it again');
    expect(await rowsLeft()).toEqual([all[1], all[3]]);
    expect(await stores.usageByCustomer.getCustomerSnapshot(customerId, date)).toBeUndefined();
    expect(await stores.usageByCustomer.getCustomerSnapshot(other, date)).toBeDefined();
    expect(exitCode).toBe(0);
  });

  it('--json prints one document', async () => {
    const { stdout } = await runCommandLine(['forget', customerId, '--yes', '--json'], settings);
    const removed = { ...noRows, UsageByCustomer: 2, UsageByDay: 2 };
    expect(JSON.parse(stdout)).toEqual({ customerId, removed, removedBlobs: 0 });
  });

  it('of a customer that has no row says so: exit code 0', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    const { exitCode, stdout } = await runCommandLine(['forget', unknown, '--yes'], settings);
    expect(stdout).toMatch(`there were no rows of customer ${unknown}\n`);
    expect(await rowsLeft()).toEqual(all);
    expect(exitCode).toBe(0);
  });

  it.each([['partner'], ['lease'], [customerId.slice(1)]])(
    'takes %s for no customer: exit code 2',
    async (id) => {
      const { exitCode, stderr } = await runCommandLine(['forget', id, '--yes'], settings);
      expect(stderr).toContain(`expected a GUID, got "${id}"`);
      expect(exitCode).toBe(2);
    },
  );
});

const both = [
  ['prune', ['--before', date]],
  ['forget', [customerId]],
] as const;

it.each(both)(
  '%s without --yes and without a terminal removes nothing: exit code 2',
  async (...c) => {
    const { exitCode, stdout, stderr } = await runCommandLine([c[0], ...c[1]], settings);
    expect(stderr).toMatch(/^This removes all rows .+UsageByDay.+\n/);
    expect(stderr).toMatch(/--yes.*\n$/);
    expect(stdout).toBe('');
    expect(await rowsLeft()).toEqual(all);
    expect(exitCode).toBe(2);
  },
);

describe.each([
  ['prune', (answers: NodeJS.ReadableStream) => prune({ before: date }, answers)],
  ['forget', (answers: NodeJS.ReadableStream) => forget(customerId, {}, answers)],
])('%s at a terminal', (_, command) => {
  it.each([
    ['yes', 0],
    ['no', 1],
    ['', 1],
  ])('asks, and after %j ends with exit code %i', async (answer, expected) => {
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const answers = Object.assign(new PassThrough(), { isTTY: true });
    answers.write(`${answer}\n`);
    const exitCode = await command(answers);
    expect(stderr.mock.calls.join('')).toContain('This removes all rows');
    expect((await rowsLeft()).length).toBe(expected === 0 ? 2 : 4);
    expect(exitCode).toBe(expected);
  });
});
