import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables, type Tables } from '../../src/storage/tables.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import { alert, alertWithoutForecast, customerId } from '../support/alerts.ts';
import { endAll, newTablePrefix, runCommandLine } from '../support/commandLine.ts';

let azurite: EmbeddedAzurite;
/** Of the storage alone: no setting of Partner Center. */
let settings: Record<string, string>;
let tables: Tables;

const daysAgo = (days: number) => addDays(utcDateOf(Date.now()), -days);
const period = { billingPeriodStart: daysAgo(20), billingPeriodEnd: daysAgo(-11) };

/** Two of the last days and one of five weeks ago; and one that a higher one covered. */
beforeAll(async () => {
  azurite = await startAzurite();
  const prefix = newTablePrefix();
  settings = { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix };
  tables = createTables(azurite, { prefix });
  await tables.ensureTables();
  await createStores(tables).budgetAlerts.createIfAbsent([
    alertWithoutForecast({ ...period, snapshotDate: daysAgo(2), threshold: 87.5 }),
    alert({
      ...period,
      customerName: '\u001b[31mFabrikam',
      snapshotDate: daysAgo(1),
      kind: 'forecast',
      threshold: 100,
    }),
    alert({ ...period, snapshotDate: daysAgo(1), threshold: 50, status: 'covered' }),
    alert({ billingPeriodStart: daysAgo(50), snapshotDate: daysAgo(35) }),
  ]);
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

const alerts = (...args: string[]) => runCommandLine(['alerts', ...args], settings);

describe('alerts', () => {
  it('shows what was raised in the last 30 days, with the cost that the percentage is of', async () => {
    const { exitCode, stdout, stderr } = await alerts();
    const [heading, ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toMatch(/^date +customer +id +crossed +used +cost +budget +currency +period$/);
    const shown = `EUR +${daysAgo(20)} to ${daysAgo(-10)}`;
    expect(lines).toEqual([
      expect.stringMatching(
        `^${daysAgo(2)} +Contoso +${customerId} +actual 87\\.5 % +75\\.37 % +376\\.83 +500\\.00 +${shown}$`,
      ),
      // The name is somebody else's: it does not paint our terminal.
      expect.stringMatching(
        `^${daysAgo(1)} +\\\\u001b\\[31mFabrikam +${customerId} +forecast 100 % +75\\.37 % +812\\.50 +500\\.00 +${shown}$`,
      ),
    ]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('--json prints one document with every digit', async () => {
    const { exitCode, stdout, stderr } = await alerts('--json');
    expect(stdout).toContain('"totalCost": 376.82860766744404945074');
    expect(JSON.parse(stdout)).toMatchObject({
      items: [
        { customerId, threshold: 87.5, forecastTotalCost: null, isDelivered: false },
        { customerId, threshold: 100, forecastTotalCost: 812.5 },
      ],
      continuation: null,
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('--from and --to are dates of recording, both included', async () => {
    const on = await alerts('--from', daysAgo(35), '--to', daysAgo(2), '--json');
    expect(JSON.parse(on.stdout).items).toMatchObject([{ threshold: 75 }, { threshold: 87.5 }]);
    const none = await alerts('--from', daysAgo(34), '--to', daysAgo(3));
    expect(none.stdout).toBe('no alerts in this range\n');
    expect([on.exitCode, none.exitCode]).toEqual([0, 0]);
  });

  it.each([
    [['--search', 'fabri'], ['Fabrikam']],
    [
      ['--search', customerId.slice(0, 8), '--currency', 'eur'],
      ['Contoso', 'Fabrikam'],
    ],
    [['--currency', 'USD'], []],
    [
      ['--customer', customerId],
      ['Contoso', 'Fabrikam'],
    ],
    [['--customer', 'ffffffff-0000-4000-8000-00000000000f'], []],
  ])('%j shows those of %j alone', async (args, names) => {
    const { exitCode, stdout } = await alerts(...args, '--json');
    const found = JSON.parse(stdout).items.map((item: { customerName: string }) =>
      item.customerName.replace('\u001b[31m', ''),
    );
    expect(found).toEqual(names);
    expect(exitCode).toBe(0);
  });

  it('tells of a row that it cannot read, and shows the others', async () => {
    const place = { partitionKey: daysAgo(2), rowKey: 'odd' };
    await tables.budgetAlerts.createEntity({ ...place, snapshotDate: daysAgo(2), kind: 'odd' });
    const { exitCode, stdout, stderr } = await alerts('--json');
    await tables.budgetAlerts.deleteEntity(place.partitionKey, place.rowKey);
    expect(JSON.parse(stdout).items).toHaveLength(2);
    expect(stderr).toMatch(/BudgetAlerts, partition ".+", row "odd": expected .+\n$/);
    expect(exitCode).toBe(0);
  });

  it('of tables that are not there yet are none', async () => {
    const fresh = { ...settings, SNAPSHOT_TABLE_PREFIX: newTablePrefix() };
    const { exitCode, stdout } = await runCommandLine(['alerts', '--json'], fresh);
    expect(JSON.parse(stdout)).toEqual({ items: [], continuation: null });
    expect(exitCode).toBe(0);
  });

  it.each([
    [['--from', 'yesterday'], 'expected a date yyyy-MM-dd, got "yesterday"'],
    [['--from', '2026-03-02', '--to', '2026-03-01'], '--from: expected a date up to 2026-03-01'],
  ])('%j is bad usage', async (args, expected) => {
    const { exitCode, stdout, stderr } = await alerts(...args);
    expect(stderr).toContain(expected);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});
