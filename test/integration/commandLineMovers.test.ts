import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import type { LedgerRow } from '../../src/usage/ledgerRow.ts';
import { endAll, newTablePrefix, runCommandLine } from '../support/commandLine.ts';
import { customerId, row, run } from '../support/recorded.ts';

let azurite: EmbeddedAzurite;
/** Of the storage alone: no setting of Partner Center. */
let settings: Record<string, string>;

const other = 'aaaaaaaa-0000-4000-8000-000000000002';
const fresh = 'aaaaaaaa-0000-4000-8000-000000000003';
const daysAgo = (days: number) => addDays(utcDateOf(Date.now()), -days);
const [yesterday, dayBefore, weekBefore] = [daysAgo(1), daysAgo(2), daysAgo(8)];
const exact = '28.82860766744404945074';
const figures = {
  billingStartDate: `${daysAgo(15)}T00:00:00Z`,
  billingEndDate: `${daysAgo(-15)}T00:00:00Z`,
};

function cost(date: string, daily: string, change: Parameters<typeof row>[2] = {}): LedgerRow {
  const dailyCost = parseAmount(daily);
  return row(date, '500', {
    cost: { dailyCost, daysCovered: 1, isStale: false },
    ...change,
    figures: { ...figures, ...change.figures },
  });
}

const birch = { customerId: other, customerName: 'Birch', customerDomain: 'birch.example' };
const sweden = { ...birch, figures: { currency: 'SEK' } };

beforeAll(async () => {
  azurite = await startAzurite();
  const prefix = newTablePrefix();
  settings = { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix };
  const tables = createTables(azurite, { prefix });
  await tables.ensureTables();
  const { usageByDay, snapshotRuns } = createStores(tables);
  for (const date of [weekBefore, dayBefore, yesterday]) await snapshotRuns.upsert(run(date));
  const anomaly = { expectedCost: parseAmount('20.0000'), isAnomalyDelivered: false };
  await usageByDay.upsertDay([
    ...[cost(weekBefore, '12'), cost(weekBefore, '5', sweden)],
    ...[cost(dayBefore, '20'), cost(dayBefore, '10', { ...sweden, isAnomalyDelivered: true })],
    ...[cost(yesterday, exact, anomaly), cost(yesterday, '4', sweden)],
    cost(yesterday, '3', { customerId: fresh, customerName: 'Cedar' }),
  ]);
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

const command = (...args: string[]) => runCommandLine(args, settings);

describe('movers', () => {
  it('shows who grew, fell and is new against the day before, each currency by itself', async () => {
    const { exitCode, stdout, stderr } = await command('movers');
    const [head, , heading, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toBe(`${yesterday} against ${dayBefore}`);
    expect(heading).toMatch(/^currency +customer +id +before +after +change +percent +note$/);
    expect(lines).toEqual([
      expect.stringMatching(
        `^EUR +Maple Foods +${customerId} +20\\.00 +28\\.83 +8\\.83 +44\\.14 %$`,
      ),
      expect.stringMatching(`^EUR +Cedar +${fresh} +3\\.00 +3\\.00 +new$`),
      expect.stringMatching(`^SEK +Birch +${other} +10\\.00 +4\\.00 +-6\\.00 +-60\\.00 %$`),
    ]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('--json prints one document with every digit, in the order asked for', async () => {
    const args = ['--against', 'week', '--order-by', 'percent', '--limit', '2', '--json'];
    const { exitCode, stdout } = await command('movers', ...args);
    expect(stdout).toContain(`"after": ${exact}`);
    expect(JSON.parse(stdout)).toMatchObject({
      date: yesterday,
      beforeDate: weekBefore,
      complete: true,
      items: [
        { customerId, percent: 140.24 },
        { customerId: other, percent: -20 },
      ],
    });
    expect(exitCode).toBe(0);
  });

  it('of a day without another to compare with says so', async () => {
    const { exitCode, stdout } = await command('movers', '--date', weekBefore);
    expect(stdout).toBe(
      `${weekBefore} against ${daysAgo(9)}: nothing that can be compared has moved\n`,
    );
    expect(exitCode).toBe(0);
  });

  it.each([
    [['--customer', 'birch.example'], [other]],
    [['--search', 'cedar'], [fresh]],
    [['--currency', 'sek'], [other]],
  ])('%j shows that customer alone', async (args, ids) => {
    const { stdout } = await command('movers', ...args, '--json');
    const items: { customerId: string }[] = JSON.parse(stdout).items;
    expect(items.map((item) => item.customerId)).toEqual(ids);
  });

  it.each([
    [['--against', 'month'], 'day, week, period'],
    [['--order-by', 'name'], 'change, percent'],
    [['--customer', 'x', '--search', 'y'], "'--search <text>'"],
    [['--customer', 'oak'], 'got "oak", which names none of the 3 customers'],
  ])('%j is bad usage', async (args, expected) => {
    const { exitCode, stdout, stderr } = await command('movers', ...args);
    expect(stderr).toContain(expected);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});

describe('anomalies', () => {
  it('lists what was unusual, the newest first, with what was expected where that is known', async () => {
    const { exitCode, stdout, stderr } = await command('anomalies');
    const [heading, ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toMatch(/^anomaly on +customer +id +currency +daily cost +expected +note$/);
    expect(lines).toEqual([
      expect.stringMatching(
        `^${yesterday} +Maple Foods +${customerId} +EUR +28\\.83 +20\\.00 +not delivered$`,
      ),
      expect.stringMatching(`^${dayBefore} +Birch +${other} +SEK +10\\.00$`),
    ]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('--json prints one document with every digit, of the customer and days asked for', async () => {
    const args = ['--from', yesterday, '--to', yesterday, '--customer', customerId, '--json'];
    const { exitCode, stdout } = await command('anomalies', ...args);
    expect(stdout).toContain(`"dailyCost": ${exact}`);
    expect(JSON.parse(stdout)).toMatchObject({
      items: [{ date: yesterday, customerId, expectedCost: 20, delivered: false }],
      continuation: null,
    });
    expect(exitCode).toBe(0);
    const none = await command('anomalies', '--to', daysAgo(3));
    expect(none.stdout).toBe('no anomalies in this range\n');
    expect(none.exitCode).toBe(0);
  });

  it('from a date after the last one is bad usage', async () => {
    const { exitCode, stderr } = await command('anomalies', '--from', yesterday, '--to', dayBefore);
    expect(stderr).toBe(`--from: expected a date up to ${dayBefore}, got ${yesterday}\n`);
    expect(exitCode).toBe(2);
  });
});
