import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { parseAmount } from '../../src/usage/amount.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import {
  endAll,
  newTablePrefix,
  runCommandLine,
  secrets,
  startCommandLine,
} from '../support/commandLine.ts';
import { canSendSignals } from '../support/platform.ts';
import { customerId, row, rowWithout, run } from '../support/recorded.ts';

let azurite: EmbeddedAzurite;
/** Of the storage alone: no setting of Partner Center. */
let settings: Record<string, string>;
const other = 'aaaaaaaa-0000-4000-8000-000000000002';
const exact = '28.82860766744404945074';

/** Days of a billing period; the 20th was yesterday. */
const day = (number: number) => addDays(utcDateOf(Date.now()), number - 21);
const period = { billingStartDate: `${day(1)}T00:00:00Z`, billingEndDate: `${day(32)}T00:00:00Z` };

/** 20 a day, with a day that was missed and one that failed. */
beforeAll(async () => {
  azurite = await startAzurite();
  const prefix = newTablePrefix();
  settings = { SNAPSHOT_STORAGE: azurite.connectionString, SNAPSHOT_TABLE_PREFIX: prefix };
  const tables = createTables(azurite, { prefix });
  await tables.ensureTables();
  const { usageByCustomer, usageByDay, snapshotRuns } = createStores(tables);
  for (let number = 2; number <= 20; number++) {
    const date = day(number);
    await snapshotRuns.upsert(run(date));
    const total = String(20 * (number - 1));
    if (number === 10) continue;
    await usageByCustomer.upsertCustomer([
      number === 12 ? rowWithout(date, 'failed') : row(date, total, { figures: period }),
    ]);
  }
  const figures = {
    ...period,
    budgetAmount: parseAmount('50'),
    percentUsed: 57.66,
    currency: 'SEK',
  };
  const named = { customerId: other, customerName: '=cmd|"Maple", \u001b[31mFoods' };
  const last = row(day(20), exact, { ...named, figures });
  await usageByCustomer.upsertCustomer([last]);
  await usageByDay.upsertDay([row(day(20), '380'), last]);
  const base = { snapshotDate: day(20), capturedAt: '', runId: '', customersMissing: 3 };
  const totalCost = parseAmount(exact);
  await usageByCustomer.upsertTotals([
    { ...base, currency: 'SEK', totalCost, dailyCost: parseAmount('-1.5'), customers: 1 },
  ]);
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

const command = (...args: string[]) => runCommandLine(args, settings);
const fiveDays = ['--from', day(9), '--to', day(13)];

describe('history', () => {
  it('shows a line a day, those included that were missed', async () => {
    const { exitCode, stdout, stderr } = await command('history', customerId, ...fiveDays);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('Maple Foods');
    expect(lines[2]).toBe('EUR, azurePlan');
    expect(lines.slice(4)).toEqual([
      expect.stringMatching(`^${day(9)} +160\\.00 +20\\.00 +.*\\d – \\d`),
      expect.stringMatching(`^${day(10)} .*missing$`),
      expect.stringMatching(`^${day(11)} +200\\.00 +40\\.00 .*since \\d+ \\w{3}, 2 days$`),
      expect.stringMatching(`^${day(12)} .*failed$`),
      expect.stringMatching(`^${day(13)} +240\\.00 +40\\.00 .*since \\d+ \\w{3}, 2 days$`),
    ]);
  });

  it('draws a bar for each day that has a cost, by what it is a day', async () => {
    const { stdout } = await command('history', customerId, ...fiveDays, '--format', 'chart');
    const bars = stdout.split('\n').filter((line) => /^\d/.test(line));
    const averages = bars.map((line) => /average since .+, 2 days$/.test(line));
    expect(averages).toEqual([false, false, true, false, true]);
    expect(bars.map((line) => line.split('█').length - 1)).toEqual([
      expect.any(Number),
      0,
      ...[expect.any(Number), 0, expect.any(Number)],
    ]);
    const [short = '', , long = ''] = bars;
    // 40 of two days are as much a day as 20 of one.
    expect(long.split('█').length).toBe(short.split('█').length);
  });

  it('prints by billing periods', async () => {
    const { stdout } = await command('history', customerId, '--interval', 'period');
    expect(stdout).toMatch(new RegExp(`^${day(1)} +${day(32)} +380\\.00 +${day(20)}$`, 'm'));
  });

  it.each(['json', 'ndjson', 'csv'])('prints %s with every digit', async (format) => {
    const { stdout } = await command('history', other, '--format', format);
    expect(stdout).toContain(exact);
    if (format === 'json') expect(JSON.parse(stdout)).toMatchObject({ customerId: other });
    if (format === 'csv') expect(stdout.split('\r\n')[0]).toMatch(/^currency,plan,date,outcome,/);
    if (format === 'ndjson') expect(JSON.parse(stdout)).toMatchObject({ date: day(20) });
  });

  it('says so of a customer that never had a row', async () => {
    const unknown = 'ffffffff-0000-4000-8000-00000000000f';
    const { exitCode, stdout, stderr } = await command('history', unknown);
    expect(stderr).toContain('never a row');
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it.each([
    [['history', 'me'], 'GUID'],
    [['history', customerId, '--from', '2026-02-30'], 'yyyy-MM-dd'],
    [['history', customerId, '--from', '2026-03-02', '--to', '2026-03-01'], 'up to 2026-03-01'],
    [['history', customerId, '--interval', 'week'], 'day, period'],
    [['top', '--order-by', 'name'], 'totalCost, percentUsed, dailyCost'],
    [['top', '--limit', '0'], 'whole number from 1'],
  ])('%j is bad usage', async (args, expected) => {
    const { exitCode, stderr } = await command(...args);
    expect(stderr).toContain(expected);
    expect(exitCode).toBe(2);
  });
});

describe('top', () => {
  it('shows the ranking of the latest complete day', async () => {
    const { exitCode, stdout } = await command('top');
    const [heading, ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toMatch(/^currency +customer +id +plan +total cost/);
    expect(lines).toEqual([
      expect.stringMatching(/^EUR +Maple Foods .* 380\.00 /),
      // The name is somebody else's: it does not paint our terminal.
      expect.stringMatching(/^SEK +=cmd\|"Maple", \\u001b\[31mFoods .* 28\.83 .* 57\.66 % +usage$/),
    ]);
    expect(exitCode).toBe(0);
  });

  it('--json prints one document', async () => {
    const { stdout } = await command('top', '--order-by', 'percentUsed', '--limit', '1', '--json');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ date: day(20), complete: true });
    expect(document.items).toMatchObject([{ customerId: other }]);
  });
});

describe('totals', () => {
  it('shows each currency by itself', async () => {
    const { exitCode, stdout } = await command('totals', '--to', day(20));
    expect(stdout).toMatch(/ SEK +28\.83 +-1\.50 +1 +3 +of the periods so far$/m);
    expect(exitCode).toBe(0);
    const json = await command('totals', '--to', day(20), '--json');
    expect(json.stdout).toContain(`"totalCost": ${exact}`);
  });
});

describe('serve', () => {
  it('answers on loopback with the data of the tables until it is ended', async () => {
    const server = startCommandLine(['serve', '--port', '0'], settings);
    await server.untilPrinted(/api\/dashboard\n/);
    const [url = ''] = server.stdout().split('\n');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/dashboard$/);
    expect(await (await fetch(url)).text()).toContain('<title>Azure usage</title>');
    const answer = await fetch(new URL('customers', url));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ date: day(20), complete: true });
    server.kill('SIGINT');
    expect((await server.ended).exitCode).toBe(canSendSignals ? 0 : null);
  });

  it('says which settings are missing', async () => {
    const { exitCode, stderr } = await runCommandLine(['serve'], {});
    expect(stderr).toContain('SNAPSHOT_STORAGE');
    expect(exitCode).toBe(2);
    for (const secret of secrets) expect(stderr).not.toContain(secret);
  });
});
