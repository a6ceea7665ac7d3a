import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { systemClock } from '../../src/clock.ts';
import { runSnapshot } from '../../src/snapshot/snapshotRun.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import {
  endAll,
  newTablePrefix,
  startCommandLine,
  startPartner,
  until,
} from '../support/commandLine.ts';
import {
  type FaultyTables,
  startFaultyTables,
  type TableFault,
  type TableRequest,
} from '../support/faultyTables.ts';
import { loadFunctions } from '../support/functionHost.ts';
import { createNight } from '../support/night.ts';
import { needSignals } from '../support/platform.ts';

let azurite: EmbeddedAzurite;
let tables: FaultyTables | undefined;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterEach(async () => {
  await endAll();
  await tables?.close();
  tables = undefined;
});
afterAll(() => azurite?.stop());

/** A partner whose tables never answer some requests. */
async function startHanging(isHung: (request: TableRequest) => boolean) {
  const faultOf: TableFault = (request) => (isHung(request) ? 'hang' : undefined);
  tables = await startFaultyTables(azurite.connectionString, faultOf);
  const { connectionString } = tables;
  const { settings, simulator } = await startPartner({ customers: 20 }, connectionString);
  return { tables, settings, simulator };
}

const isTransactionOf =
  (table: string) =>
  ({ path, body }: TableRequest) =>
    path.startsWith('/$batch') && body.includes(`${table}(`);

const operations: [string, (request: TableRequest) => boolean][] = [
  ['everything', () => true],
  ['the creation of a table', ({ path }) => path.startsWith('/Tables')],
  ['the lease', ({ path }) => path.includes("PartitionKey='lease'")],
  ['the list of earlier runs', ({ path }) => path.includes('SnapshotRuns()')],
  ['the rows of a customer', isTransactionOf('UsageByCustomer')],
  ['the rows of the day', isTransactionOf('UsageByDay')],
  ['the list of the day', ({ path }) => path.includes('UsageByDay()')],
];

// A request to the tables that gets no answer is tried for minutes: whoever waits for it here is
// ended long before, and fails the test.
describe('one Ctrl-C ends a snapshot within seconds whose tables never answer', () => {
  it.for(operations)('%s', async ([, isHung], context) => {
    needSignals(context);
    const { tables, settings } = await startHanging(isHung);
    const run = startCommandLine(['snapshot', '--json'], settings);
    await until('a request without an answer', () => tables.hanging > 0);
    run.kill('SIGINT');
    const { exitCode, stderr } = await run.ended;
    expect(stderr).toContain('SIGINT: ending …');
    expect(stderr).toContain('the process was to end');
    expect([1, 3]).toContain(exitCode);
  });

  it('and gives the lease back where that alone is answered', async (context) => {
    needSignals(context);
    const { settings } = await startHanging(isTransactionOf('UsageByCustomer'));
    const run = startCommandLine(['snapshot', '--json'], settings);
    await until('a request without an answer', () => (tables?.hanging ?? 0) > 0);
    run.kill('SIGINT');
    const { stdout } = await run.ended;
    const ended = JSON.parse(stdout);
    expect(ended).toMatchObject({ status: 'partial' });
    const healthy = { ...settings, SNAPSHOT_STORAGE: azurite.connectionString };
    const next = await startCommandLine(['snapshot', '--json'], healthy).ended;
    expect(JSON.parse(next.stdout)).toMatchObject({ status: 'complete' });
    const runs = await startCommandLine(['runs', '--json'], healthy).ended;
    expect(JSON.parse(runs.stdout).map((each: { status: string }) => each.status)).toEqual([
      'partial',
      'complete',
    ]);
  });
});

describe('a host that goes is not held up by tables that never answer', () => {
  it.each([
    ['nightlySnapshot', 'everything'],
    ['nightlySnapshot', 'the creation of a table'],
    ['nightlySnapshot', 'the lease'],
    ['nightlySnapshot', 'the list of earlier runs'],
    ['catchUpSnapshot', 'the list of earlier runs'],
  ])('%s, %s', async (name, operation) => {
    const { settings } = await startHanging(isHungIn(operation));
    // Due at each second of the day, so that it is due whenever this test runs.
    const due = { ...settings, SNAPSHOT_SCHEDULE: '* * * * * *' };
    const timer = { name, timer: { isPastDue: false }, isTerminated: true };
    const { lines } = await loadFunctions(due, { timer });
    const events = lines.map(([, line]) => JSON.parse(line));
    expect(events.at(-1)).toEqual({ event: 'host has terminated' });
    expect(events.at(-2).error).toContain('the process was to end');
  });
});

describe('the deadline ends a run within seconds whose tables never answer', () => {
  it.each([
    ['everything', 300],
    // Late enough for what comes before.
    ['the list of earlier runs', 3_000],
  ])('%s', async (operation, deadlineMs) => {
    const { tables } = await startHanging(isHungIn(operation));
    const clients = createTables(tables, { prefix: newTablePrefix() });
    const stores = createStores(clients);
    const night = createNight({ customers: 20, settings: { deadlineMs }, stores });
    const { ensureTables } = clients;
    const context = { ...night.context, clock: systemClock, ensureTables };
    const ended = await runSnapshot({ trigger: 'timer' }, context).catch((error) => error.message);
    const text = typeof ended === 'string' ? ended : ended.run.error;
    expect(text).toContain('the deadline');
    expect(tables.hanging).toBeGreaterThan(0);
  });
});

function isHungIn(operation: string): (request: TableRequest) => boolean {
  const found = operations.find(([name]) => name === operation);
  if (!found) throw new Error(`expected an operation, got ${operation}`);
  return found[1];
}
