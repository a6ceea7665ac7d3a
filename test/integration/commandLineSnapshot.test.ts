import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import type { ExpectedCustomer } from '../../src/simulator/expectation.ts';
import type { SimulatorOptions } from '../../src/simulator/simulatorOptions.ts';
import {
  endAll,
  printed,
  runCommandLine,
  secrets,
  startCommandLine,
  startPartner,
  until,
} from '../support/commandLine.ts';
import { needSignals } from '../support/platform.ts';

let azurite: EmbeddedAzurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  await endAll();
  await azurite.stop();
});

/** A partner of its own with tables of its own. */
async function start(options: SimulatorOptions = {}) {
  const { simulator, settings } = await startPartner(options, azurite.connectionString);
  const customers = [...simulator.customers()];
  return {
    simulator,
    settings,
    customers,
    count: (outcome: ExpectedCustomer['outcome']) =>
      customers.filter((customer) => customer.outcome === outcome).length,
    subscriptions: customers.flatMap((customer) => customer.subscriptions).length,
    /** Runs `snapshot`; `asked` is what it asked of Partner Center. */
    async snapshot(...args: string[]) {
      simulator.resetStatistics();
      const end = await runCommandLine(['snapshot', ...args], settings);
      return { ...end, asked: simulator.statistics.byRoute, statistics: simulator.statistics };
    },
  };
}

function someCustomer(customers: ExpectedCustomer[]): ExpectedCustomer {
  const found = customers.find(({ kind }) => kind === 'azurePlan');
  if (!found) throw new Error('expected a customer with an Azure plan');
  return found;
}

/** The names in a document, with their places: `customers.listed`. */
function namesIn(value: unknown, place = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [place];
  return Object.entries(value).flatMap(([name, inner]) =>
    namesIn(inner, place === '' ? name : `${place}.${name}`),
  );
}

const documentNames = [
  ...['runId', 'snapshotDate', 'scope', 'status'],
  ...['listed', 'withUsage', 'withoutUsage', 'refused', 'failed', 'skipped', 'remaining'].map(
    (name) => `customers.${name}`,
  ),
  ...['subscriptions.captured', 'subscriptions.failed'],
  ...['total', 'retries', 'throttled', 'token'].map((name) => `requests.${name}`),
  ...['reconciliation.customersOnlyInUsageRecords', 'reconciliation.costMismatches'],
  ...['durationMs', 'failures'],
];

const summaryCalls = [
  'customerSummary',
  'subscriptionUsageRecords',
  'subscriptionSummary',
] as const;

describe('snapshot', () => {
  it('prints its counts on stdout and nothing on stderr, with exit code 0', async () => {
    const { snapshot, customers, count, subscriptions } = await start();
    const { exitCode, stdout, stderr } = await snapshot();
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^run \S+ of \d{4}-\d{2}-\d{2} +complete\n/);
    expect(stdout).toMatch(new RegExp(`^customers listed +${customers.length}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^ {2}with usage +${count('usage')}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^ {2}without usage +${count('noUsage')}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^subscriptions captured +${subscriptions}$`, 'm'));
    expect(stdout).not.toContain('\u001b');
    expect(exitCode).toBe(0);
  });

  it('--json prints one document with the documented names and the true figures', async () => {
    const { snapshot, customers, count, subscriptions } = await start({ customers: 30, seed: 3 });
    const { exitCode, stdout, stderr, statistics } = await snapshot('--json');
    const document = JSON.parse(stdout);
    expect(namesIn(document).sort()).toEqual(documentNames.sort());
    expect(document).toMatchObject({
      scope: 'all',
      status: 'complete',
      customers: {
        listed: customers.length,
        withUsage: count('usage'),
        withoutUsage: count('noUsage'),
        refused: 0,
        failed: 0,
        skipped: 0,
        remaining: 0,
      },
      subscriptions: { captured: subscriptions, failed: 0 },
      requests: {
        total: statistics.requests - statistics.tokenRequests,
        retries: 0,
        throttled: 0,
        token: statistics.tokenRequests,
      },
      reconciliation: { customersOnlyInUsageRecords: 0, costMismatches: 0 },
      failures: [],
    });
    expect(document.snapshotDate).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(document.runId).toContain(document.snapshotDate.replaceAll('-', ''));
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('counts the tries that passing faults cost, and the customers that the list left out', async () => {
    const { snapshot, customers } = await start({
      faults: { reset: { rate: 0.1 } },
      quirks: { unlistedCustomers: true },
    });
    const { exitCode, stdout, statistics } = await snapshot('--json');
    const { requests, reconciliation } = JSON.parse(stdout);
    const { reset = 0 } = statistics.faults;
    expect(reset).toBeGreaterThan(0);
    expect(requests.retries).toBe(reset);
    expect(requests.total).toBe(statistics.requests - statistics.tokenRequests);
    const unlisted = customers.filter(({ isListed }) => !isListed).length;
    expect(unlisted).toBeGreaterThan(0);
    expect(reconciliation.customersOnlyInUsageRecords).toBe(unlisted);
    expect(exitCode).toBe(0);
  });

  it('a second time takes up nothing that is done, and --force captures all again', async () => {
    const { snapshot, customers, subscriptions } = await start();
    const first = await snapshot('--json');
    const second = await snapshot('--json');
    expect(JSON.parse(second.stdout)).toMatchObject({
      status: 'complete',
      customers: { listed: customers.length, skipped: customers.length },
      subscriptions: { captured: 0 },
    });
    for (const call of summaryCalls) expect(second.asked[call]).toBeUndefined();
    const forced = await snapshot('--force', '--json');
    expect(JSON.parse(forced.stdout)).toMatchObject({
      status: 'complete',
      customers: { listed: customers.length, skipped: 0 },
      subscriptions: { captured: subscriptions },
    });
    for (const call of summaryCalls) expect(forced.asked[call]).toBe(first.asked[call]);
    expect([first.exitCode, second.exitCode, forced.exitCode]).toEqual([0, 0, 0]);
  });

  it('--customer captures that one alone, and proves no whole day', async () => {
    const { snapshot, customers } = await start();
    const { id, subscriptions } = someCustomer(customers);
    const { exitCode, stdout, asked } = await snapshot('--customer', id.toUpperCase(), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      scope: 'customer',
      status: 'partial',
      customers: { listed: 1, withUsage: 1, failed: 0, remaining: 0 },
      subscriptions: { captured: subscriptions.length, failed: 0 },
      failures: [],
    });
    expect(asked).toMatchObject({
      customerSummary: 1,
      subscriptionUsageRecords: 1,
      subscriptionSummary: subscriptions.length,
    });
    expect(exitCode).toBe(0);
    expect((await snapshot('--customer', id)).stdout).toMatch(/^run .+ done$/m);
    const whole = JSON.parse((await snapshot('--json')).stdout);
    expect(whole).toMatchObject({ status: 'complete', customers: { skipped: 1 } });
  });

  it("--customer with nobody's id ends with exit code 2 and a message, and is no run", async () => {
    const { settings, snapshot } = await start();
    const unknownId = '44908a11-641b-4c53-b7fc-0f2bfca8a581';
    const { exitCode, stdout, stderr } = await snapshot('--customer', unknownId);
    expect(stderr).toMatch(new RegExp(`^customer: expected .+, got ${unknownId}\n$`));
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
    expect((await runCommandLine(['runs', '--json'], settings)).stdout).toBe('[]\n');
  });

  it('--customer takes one that Partner Center lists, and refuses to say anything of', async () => {
    const { simulator, snapshot, customers } = await start();
    const { id } = someCustomer(customers);
    simulator.faults = { customerRefused: { ids: [id] } };
    const { exitCode, stdout } = await snapshot('--customer', id);
    expect(stdout).toMatch(/^ {2}refused +1$/m);
    expect(exitCode).toBe(0);
  });

  it('warns of a setting with a name that none has, and names the nearest', async () => {
    const { settings } = await start();
    const misspelt = { ...settings, SNAPSHOT_CONCURENCY: '8' };
    const { exitCode, stderr } = await runCommandLine(['runs'], misspelt);
    expect(stderr).toBe(
      'SNAPSHOT_CONCURENCY: no setting has this name, the nearest is SNAPSHOT_CONCURRENCY\n',
    );
    expect(exitCode).toBe(0);
  });

  it('lists a customer that fails, exits with 3, and takes up that one alone next time', async () => {
    const { simulator, snapshot, customers } = await start();
    const { id, name, subscriptions } = someCustomer(customers);
    const path = `/v1/customers/${id}/usagesummary`;
    simulator.faults = { customerFails: { ids: [id] } };
    // The same answer with the wish to be asked again at once, as a minute of tries is too long.
    const headers = { 'content-type': 'application/json', 'retry-after': '0' };
    const body = '{"code":800003,"description":"An unexpected service error occurred."}';
    simulator.overrides = { [path]: { status: 500, headers, body } };
    const { exitCode, stdout, stderr, asked, statistics } = await snapshot('--json');
    const document = JSON.parse(stdout);
    const [call] = statistics.log.filter((request) => request.path === path);
    expect(document).toMatchObject({
      status: 'partial',
      customers: { listed: customers.length, failed: 1, remaining: 0 },
    });
    expect(document.failures).toEqual([
      {
        customerId: id,
        customerName: name,
        outcome: 'failed',
        phase: 'summary',
        status: 500,
        code: '800003',
        message: expect.stringContaining(`GET ${path} answered 500 (code 800003)`),
        correlationId: call?.correlationId,
        requestId: call?.requestId,
      },
    ]);
    expect(stderr).toMatch(new RegExp(`^snapshot\\.customer\\.failed: customerId=${id} .+\n$`));
    expect(exitCode).toBe(3);
    expect(asked.customerSummary).toBe(customers.length + document.requests.retries);

    simulator.faults = {};
    simulator.overrides = {};
    const next = await snapshot('--json');
    expect(JSON.parse(next.stdout)).toMatchObject({
      status: 'complete',
      customers: { failed: 0, skipped: customers.length - 1 },
    });
    expect(next.asked).toMatchObject({
      customerSummary: 1,
      subscriptionSummary: subscriptions.length,
    });
    expect(next.exitCode).toBe(0);
  });

  it('lists a customer that refuses, and is complete all the same', async () => {
    const { simulator, snapshot, customers } = await start();
    const { id, index } = someCustomer(customers);
    simulator.faults = { customerRefused: { ids: [id] } };
    const { exitCode, stdout } = await snapshot('--json');
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'complete',
      customers: { refused: 1, failed: 0 },
      failures: [{ customerId: id, outcome: 'refused', status: index % 2 === 0 ? 403 : 404 }],
    });
    expect(exitCode).toBe(0);
  });

  it('ended by SIGTERM leaves its record, and the next call takes up the rest', async (context) => {
    needSignals(context);
    const { simulator, settings, snapshot, customers } = await start({ latencyMs: 100 });
    // One request at a time, so that some customers are done while others are not begun.
    const slow = { ...settings, SNAPSHOT_CONCURRENCY: '1' };
    const run = startCommandLine(['snapshot', '--json'], slow);
    await until('some summaries to be asked for', () => {
      return (simulator.statistics.byRoute.subscriptionSummary ?? 0) >= 3;
    });
    run.kill('SIGTERM');
    const { exitCode, stdout, stderr } = await run.ended;
    expect(stderr).toContain('SIGTERM: ending …');
    const { status, runId } = JSON.parse(stdout);
    expect(['partial', 'failed']).toContain(status);
    expect([1, 3]).toContain(exitCode);
    const runs = await runCommandLine(['runs', '--json'], settings);
    expect(JSON.parse(runs.stdout)).toMatchObject([{ runId, status }]);
    const next = JSON.parse((await snapshot('--json')).stdout);
    expect(next).toMatchObject({ status: 'complete', customers: { listed: customers.length } });
  });

  it('says whose run is at work, with exit code 3, and --wait waits for its end', async (context) => {
    needSignals(context);
    const { simulator, settings, customers } = await start({ latencyMs: 50 });
    const slow = { ...settings, SNAPSHOT_CONCURRENCY: '1' };
    const first = startCommandLine(['snapshot', '--json'], slow);
    await until('the first run to be at work', () => simulator.statistics.requests > 0);
    // Held up in the middle of its work for as long as the others take.
    first.kill('SIGSTOP');
    const wait = startCommandLine(['snapshot', '--wait', '--json'], settings);
    const busy = await runCommandLine(['snapshot', '--json'], settings);
    const toldBusy = await runCommandLine(['snapshot'], settings);
    first.kill('SIGCONT');
    const [done, waiting] = await Promise.all([first.ended, wait.ended]);
    const { runId } = JSON.parse(done.stdout);
    expect(JSON.parse(busy.stdout)).toEqual({ status: 'busy', runId });
    expect(toldBusy.stdout).toContain(`${runId} is at work; --wait waits`);
    expect(JSON.parse(waiting.stdout)).toMatchObject({
      status: 'complete',
      customers: { listed: customers.length, skipped: customers.length },
    });
    expect([done.exitCode, busy.exitCode, waiting.exitCode]).toEqual([0, 3, 0]);
    // The one that was turned away has left no record.
    const runs = await runCommandLine(['runs', '--json'], settings);
    expect(JSON.parse(runs.stdout)).toHaveLength(2);
  });

  it('keeps the renewed refresh token, and signs in with it the next time', async () => {
    const { simulator, settings, snapshot } = await start();
    await snapshot();
    const file = settings['PARTNER_CENTER_REFRESH_TOKEN_FILE'] ?? '';
    const kept = (await readFile(file, 'utf8')).trim();
    expect(kept).not.toBe(simulator.refreshToken);
    settings['PARTNER_CENTER_REFRESH_TOKEN'] = 'spent';
    expect((await snapshot()).exitCode).toBe(0);
  });
});

describe('a snapshot that cannot be taken', () => {
  it('names the cure where the sign-in is refused, with exit code 1', async () => {
    const { simulator, snapshot } = await start();
    simulator.signIn = { ...simulator.signIn, refusal: { error: 'invalid_grant', code: 700082 } };
    for (const args of [[], ['--json']]) {
      const { exitCode, stderr } = await snapshot(...args);
      expect(stderr).toMatch(
        /AADSTS700082.*not replaced for 90 days; sign in again with `usage-snap/,
      );
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(exitCode).toBe(1);
    }
  });

  it('--json of one prints a document with documented names and no others', async () => {
    const { simulator, snapshot } = await start();
    simulator.signIn = { ...simulator.signIn, isWithoutMfa: true };
    const { exitCode, stdout, stderr } = await snapshot('--json');
    const document = JSON.parse(stdout);
    expect(document.status).toBe('failed');
    expect(documentNames).toEqual(expect.arrayContaining(namesIn(document)));
    expect(stderr).toMatch(/code 900421.*sign the service user in again with MFA/);
    expect(exitCode).toBe(1);
  });

  it('prints no secret and no token, whatever happens', async () => {
    const { snapshot } = await start();
    await snapshot();
    expect(secrets.size).toBeGreaterThan(4);
    expect([...secrets].filter((secret) => printed.join('').includes(secret))).toEqual([]);
  });
});
