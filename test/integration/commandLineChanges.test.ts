import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStores } from '../../src/app/openTables.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { loadHistoryConfig } from '../../src/config/loadConfig.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import { endAll, newTablePrefix, runCommandLine } from '../support/commandLine.ts';
import { prodId, record, recordNights, testId } from '../support/detailedNights.ts';
import { customerId } from '../support/recorded.ts';

let azurite: EmbeddedAzurite;
/** Of the storage alone: no setting of Partner Center. */
let settings: Record<string, string>;

const daysAgo = (days: number) => addDays(utcDateOf(Date.now()), -days);
const [yesterday, dayBefore, first] = [daysAgo(1), daysAgo(2), daysAgo(3)];
const figures = {
  billingStartDate: `${daysAgo(15)}T00:00:00Z`,
  billingEndDate: `${daysAgo(-15)}T00:00:00Z`,
};

beforeAll(async () => {
  azurite = await startAzurite();
  settings = {
    SNAPSHOT_STORAGE: azurite.connectionString,
    SNAPSHOT_TABLE_PREFIX: newTablePrefix(),
  };
  const stores = openStores(loadHistoryConfig(settings));
  await stores.ensureTables();
  const night = (date: string, vm: string, db: string, total: string) => ({
    date,
    figures,
    total,
    plans: [
      {
        figures,
        total,
        records: [
          record('vm-web-01', vm),
          record('db1', db, { id: testId, type: 'Microsoft.Sql/servers' }),
        ],
      },
    ],
  });
  await recordNights(stores, [
    night(first, '10', '5', '15'),
    night(dayBefore, '20', '7', '27'),
    night(yesterday, '361.20', '8.5', '370.70000000000000000001'),
  ]);
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

const command = (...args: string[]) => runCommandLine(['changes', ...args], settings);

describe('top --by azureSubscription', () => {
  const top = (...args: string[]) =>
    runCommandLine(['top', '--by', 'azureSubscription', ...args], settings);

  it('ranks the Azure subscriptions of a day', async () => {
    const { stdout, exitCode } = await top();
    const [heading, ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toMatch(
      /^currency +Azure subscription +customer +id +total cost +daily cost +daily cost is$/,
    );
    expect(lines).toEqual([
      expect.stringMatching(`^EUR +Prod +Maple Foods +${customerId} +361.20 +341.20$`),
      expect.stringMatching(`^EUR +Test +Maple Foods +${customerId} +8.50 +1.50$`),
    ]);
    expect(exitCode).toBe(0);
  });

  it('--json has what was asked for', async () => {
    const { stdout } = await top('--order-by', 'dailyCost', '--limit', '1', '--json');
    const { items, ...head } = JSON.parse(stdout);
    expect(head).toEqual({ date: yesterday, complete: true });
    expect(items).toMatchObject([
      { azureSubscriptionId: prodId, dailyCost: 341.2, daysCovered: 1 },
    ]);
    const { stdout: none } = await top('--currency', 'USD');
    expect(none).toBe(`no such Azure subscriptions on ${yesterday}\n`);
    expect((await top('--search', 'birch')).stdout).toBe(none);
  });

  it('refuses what Azure subscriptions have nothing of', async () => {
    const { exitCode, stderr } = await top('--order-by', 'percentUsed', '--outcome', 'usage');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--order-by: expected totalCost or dailyCost');
    expect(stderr).toContain('--outcome: expected none');
  });
});

describe('history --azure-subscription', () => {
  it('shows its days', async () => {
    const asked = ['history', 'maple', '--azure-subscription', testId.toUpperCase()];
    const { exitCode, stdout } = await runCommandLine(asked, settings);
    expect(stdout.split('\n').slice(0, 3)).toEqual(['Maple Foods, Test', '', 'EUR, azurePlan']);
    expect(stdout).toMatch(new RegExp(`^${yesterday} +8\\.50 +1\\.50`, 'm'));
    expect(exitCode).toBe(0);
  });

  it('refuses what is no Azure subscription, and a subscription beside it', async () => {
    const asked = ['history', 'maple', '--azure-subscription'];
    const other = await runCommandLine([...asked, 'prod'], settings);
    expect(other.stderr).toContain('expected a GUID, unassigned or meters, got "prod"');
    const both = await runCommandLine([...asked, testId, '--subscription', testId], settings);
    expect([other.exitCode, both.exitCode]).toEqual([2, 2]);
  });
});

describe('changes', () => {
  it('shows what caused the change, the largest first, with what is unexplained', async () => {
    const { exitCode, stdout, stderr } = await command('maple');
    expect(stdout.trimEnd().split('\n')).toEqual([
      `${yesterday} against ${dayBefore}`,
      '12.00 to 343.70 EUR, a change of 331.70',
      '1.00 of it is explained by no records',
      '',
      expect.stringMatching(
        /^Azure subscription +resource group +resource +type +before +after +change$/,
      ),
      expect.stringMatching(
        /^Prod +rg1 +vm-web-01 +Microsoft.Compute\/virtualMachines +10.00 +341.20 +331.20$/,
      ),
      expect.stringMatching(/^Test +rg1 +db1 +Microsoft.Sql\/servers +2.00 +1.50 +-0.50$/),
    ]);
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  it('shows as many as asked for, by what is asked for', async () => {
    const { stdout } = await command('maple', '--by', 'azureSubscription', '--limit', '1');
    const [, , , , heading, ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toMatch(/^Azure subscription +before +after +change$/);
    expect(lines).toEqual([
      expect.stringMatching(/^Prod +10.00 +341.20 +331.20$/),
      '',
      'and 1 more',
    ]);
  });

  it('--json prints one document with every digit', async () => {
    const { stdout } = await command(customerId, '--by', 'type', '--json');
    expect(stdout).toContain('"unexplained": 1.00000000000000000001');
    expect(JSON.parse(stdout)).toEqual({
      ...{ customerId, date: yesterday, against: 'day', currency: 'EUR' },
      ...{ before: 12, after: 343.7, change: 331.7 },
      items: [
        {
          type: 'Microsoft.Compute/virtualMachines',
          ...{ before: 10, after: 341.2, change: 331.2 },
        },
        { type: 'Microsoft.Sql/servers', before: 2, after: 1.5, change: -0.5 },
      ],
      unexplained: 1,
    });
  });

  it('says so where nothing can be compared', async () => {
    const { exitCode, stdout } = await command('maple', '--against', 'week');
    expect(stdout).toBe(`${yesterday} against ${daysAgo(8)}: nothing that can be compared\n`);
    expect(exitCode).toBe(0);
  });
});
