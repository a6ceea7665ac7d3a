import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { addDays, utcDateOf } from '../../src/usage/date.ts';
import { endAll, runCommandLine, startPartner, type TestPartner } from '../support/commandLine.ts';

let azurite: EmbeddedAzurite;
let partner: TestPartner;
let customers: ExpectedCustomer[];
/** An Azure plan's customer, one that fails, and one that is refused. */
let spender: ExpectedCustomer;
let failing: ExpectedCustomer;
let refused: ExpectedCustomer;
let night: Awaited<ReturnType<typeof runCommandLine>>;

/** A night of 12 customers, one of which fails and one of which is refused. */
beforeAll(async () => {
  azurite = await startAzurite();
  partner = await startPartner({ customers: 12 }, azurite.connectionString);
  const { simulator, settings } = partner;
  customers = [...simulator.customers()];
  const spenders = customers.filter(({ kind }) => kind === 'azurePlan');
  [spender, failing, refused] = spenders as [ExpectedCustomer, ExpectedCustomer, ExpectedCustomer];
  simulator.faults = {
    customerFails: { ids: [failing.id] },
    customerRefused: { ids: [refused.id] },
  };
  const headers = { 'content-type': 'application/json', 'retry-after': '0' };
  const body = '{"code":800003,"description":"An unexpected service error occurred."}';
  simulator.overrides = {
    [`/v1/customers/${failing.id}/usagesummary`]: { status: 500, headers, body },
  };
  night = await runCommandLine(['snapshot'], settings);
  simulator.faults = {};
  simulator.overrides = {};
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

const command = (...args: string[]) => runCommandLine(args, partner.settings);
const today = utcDateOf(Date.now());
const nobody = 'nobody of that name';

describe('a customer', () => {
  it.each([
    ['its name in any case', () => spender.name.toUpperCase()],
    ['its domain', () => spender.domain],
    ['its GUID in any case', () => spender.id.toUpperCase()],
  ])('whose history is asked for is named by %s', async (_what, name) => {
    const { exitCode, stdout, stderr } = await command('history', name(), '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ customerId: spender.id });
    expect(exitCode).toBe(0);
  });

  it('is named by its domain in subscriptions, top and alerts, too', async () => {
    const { domain, id } = spender;
    const [subscriptions, top, alerts] = await Promise.all([
      command('subscriptions', domain, '--json'),
      command('top', '--date', today, '--customer', domain, '--json'),
      command('alerts', '--customer', domain, '--json'),
    ]);
    expect(JSON.parse(subscriptions.stdout)).toMatchObject({ customerId: id });
    expect(JSON.parse(top.stdout).items).toMatchObject([{ customerId: id }]);
    expect([subscriptions.exitCode, top.exitCode, alerts.exitCode]).toEqual([0, 0, 0]);
  });

  it('is named in the same way where Partner Center is asked, which need not be recorded', async () => {
    const { simulator, settings } = await startPartner({ customers: 5 }, azurite.connectionString);
    const { id, domain, name } = simulator.expectedCustomer(0);
    const live = await runCommandLine(['usage', name.toLowerCase(), '--json'], settings);
    expect(JSON.parse(live.stdout)).toMatchObject({ customerId: id });
    const captured = await runCommandLine(['snapshot', '--customer', domain, '--json'], settings);
    expect(JSON.parse(captured.stdout)).toMatchObject({
      scope: 'customer',
      customers: { listed: 1 },
    });
    expect([live.exitCode, captured.exitCode]).toEqual([0, 0]);
  });

  it('is not guessed from a part of several names: they are listed with ids, exit code 2', async () => {
    const { exitCode, stdout, stderr } = await command('history', 'a');
    const [problem, heading, ...lines] = stderr.trimEnd().split('\n');
    const found = customers.filter(({ name }) => name.toLowerCase().includes('a'));
    expect(problem).toBe(
      'customer: expected a GUID, a name, a domain or a unique part of one, got "a", ' +
        `which names ${found.length} of the 12 customers of ${today}:`,
    );
    expect(heading).toMatch(/^customer +domain +id$/);
    for (const { name, domain, id } of found) {
      expect(lines.some((line) => [name, domain, id].every((text) => line.includes(text)))).toBe(
        true,
      );
    }
    expect(lines).toHaveLength(found.length);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it.each([
    ['history', () => `customers of ${today}`],
    ['subscriptions', () => `customers of ${today}`],
    ['usage', () => 'customers that Partner Center lists'],
  ])(
    'that nobody knows is answered by `%s` with what was looked through: exit code 2',
    async (name, what) => {
      const { exitCode, stdout, stderr } = await command(name, nobody);
      expect(stderr).toBe(
        'customer: expected a GUID, a name, a domain or a unique part of one, ' +
          `got "${nobody}", which names none of the 12 ${what()}\n`,
      );
      expect(stdout).toBe('');
      expect(exitCode).toBe(2);
    },
  );
});

describe('customers', () => {
  it('lists the customers of a day with what names them', async () => {
    const { exitCode, stdout } = await command('customers', '--date', today);
    const [heading, ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toMatch(/^customer +domain +id +currency +outcome +reason$/);
    expect(lines).toHaveLength(12);
    for (const { name, domain, id } of customers) {
      expect(lines.some((line) => line.includes(`${domain} `) && line.includes(id))).toBe(true);
      expect(stdout).toContain(name.slice(0, 30));
    }
    expect(exitCode).toBe(0);
  });

  it.each([
    ['failed', () => failing, 'answered 500 (code 800003)'],
    ['refused', () => refused, 'answered 40'],
  ])('--outcome %s says who, and why', async (outcome, who, reason) => {
    const { exitCode, stdout } = await command('customers', '--outcome', outcome);
    const [, line = '', ...others] = stdout.trimEnd().split('\n');
    expect(others).toEqual([]);
    for (const text of [who().name, who().id, reason]) expect(line).toContain(text);
    expect(exitCode).toBe(0);
  });

  it('--json prints one document, narrowed by a search and a currency', async () => {
    const search = spender.domain.toUpperCase();
    const currency = spender.currencyCode ?? '';
    const args = ['--date', today, '--search', search, '--currency', currency.toLowerCase()];
    const { stdout } = await command('customers', ...args, '--json');
    expect(JSON.parse(stdout)).toEqual({
      date: today,
      complete: false,
      items: [
        {
          customerId: spender.id,
          customerName: spender.name,
          customerDomain: spender.domain,
          outcome: 'usage',
          currency,
          errorCode: null,
          errorMessage: null,
        },
      ],
    });
    const none = await command('customers', '--date', '2020-01-01');
    expect(none.stdout).toBe('no such customers on 2020-01-01\n');
    expect(none.exitCode).toBe(0);
  });

  it.each([
    [['--outcome', 'late'], 'usage, noUsage, refused, failed'],
    [['--currency', 'euro'], 'expected three letters, such as EUR, got "euro"'],
    [['--search', ''], 'expected a part of a name, a domain or an id, got ""'],
  ])('%j is bad usage', async (args, expected) => {
    const { exitCode, stderr } = await command('customers', ...args);
    expect(stderr).toContain(expected);
    expect(exitCode).toBe(2);
  });
});

describe('subscriptions', () => {
  it('lists the subscriptions and plans of a customer with ids', async () => {
    const { exitCode, stdout } = await command('subscriptions', spender.id);
    expect(stdout).toContain(`${spender.name}\n${spender.id}, ${today}: usage\n`);
    for (const { id, name } of spender.subscriptions) {
      expect(stdout).toMatch(new RegExp(`^${name} +${id} .*usage$`, 'm'));
    }
    expect(exitCode).toBe(0);
  });

  it('says so on a day without any', async () => {
    const { exitCode, stdout } = await command('subscriptions', spender.id, '--date', '2020-01-01');
    expect(stdout).toMatch(/, 2020-01-01: missing\n\nno subscriptions on this day\n$/);
    expect(exitCode).toBe(0);
  });
});

describe('who failed or was refused', () => {
  it('comes with name, id and reason below the counts of a snapshot', () => {
    for (const [{ name, id }, outcome] of [
      [failing, 'failed'],
      [refused, 'refused'],
    ] as const) {
      expect(night.stdout).toMatch(new RegExp(`^${name} +${id} +${outcome} +GET .+answered`, 'm'));
    }
    expect(night.exitCode).toBe(3);
  });

  it('comes with name, id and reason below the runs', async () => {
    const { stdout } = await command('runs');
    const [, troubled = ''] = stdout.split(`failed or refused on ${today}:\n`);
    expect(troubled).toMatch(new RegExp(`^${failing.name} .*${failing.id} .*answered 500`, 'm'));
    expect(troubled).toMatch(new RegExp(`^${refused.name} .*${refused.id} .*answered 40`, 'm'));
    expect(troubled).not.toContain(spender.id);
  });
});

describe('forget', () => {
  it('takes a GUID alone: of a name it shows the GUID and removes nothing, exit code 2', async () => {
    const { exitCode, stdout, stderr } = await command('forget', spender.name, '--yes');
    expect(stderr).toContain(`customer: expected a GUID, got "${spender.name}", which names\n`);
    expect(stderr).toMatch(new RegExp(`^${spender.name} .*${spender.id}$`, 'm'));
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
    const still = await command('history', spender.id);
    expect(still.exitCode).toBe(0);
  });

  it('shows which customer it is before it asks: name, rows, first and last day', async () => {
    const prefix = partner.settings['SNAPSHOT_TABLE_PREFIX'] ?? '';
    const stores = createStores(createTables(azurite, { prefix }));
    const { usageByCustomer, usageByAzureSubscription, budgetAlerts } = stores;
    const row = await usageByCustomer.getCustomerSnapshot(spender.id, today);
    if (row === undefined) throw new Error('expected a row of today');
    const snapshotDate = addDays(today, -40);
    await usageByCustomer.upsertCustomer([{ ...row, snapshotDate, customerName: 'Old name' }]);
    const { exitCode, stderr } = await command('forget', spender.id);
    const period = spender.billingStartDate.slice(0, 10);
    const alerts = await Array.fromAsync(budgetAlerts.listOfPeriod(period, spender.id));
    const day = { customerId: spender.id, from: today, to: today };
    const depth = await Array.fromAsync(usageByAzureSubscription.list(day));
    // Its own rows of two days, that of the ledger, one for each subscription and each alert.
    const rows = 3 + spender.subscriptions.length + alerts.length + depth.length;
    expect(stderr).toMatch(
      new RegExp(
        `^It is ${spender.name}: ${rows} rows, recorded from ${snapshotDate} to ${today}\\.$`,
        'm',
      ),
    );
    expect(exitCode).toBe(2);
    const nobodys = await command('forget', 'ffffffff-0000-4000-8000-00000000000f');
    expect(nobodys.stderr).toContain('\nThere are no rows of it.\n');
  });
});
