import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openStores } from '../../src/app/openTables.ts';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { loadStorageConfig } from '../../src/config/loadConfig.ts';
import { utcDateOf } from '../../src/usage/date.ts';
import { endAll, startCommandLine, startPartner, until } from '../support/commandLine.ts';

let azurite: EmbeddedAzurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterEach(endAll);
afterAll(() => azurite?.stop());

it('a run that is killed in its middle is continued: complete, and nobody done is asked again', async () => {
  const { simulator, settings } = await startPartner(
    { customers: 500, latencyMs: 40, logLimit: 10_000 },
    azurite.connectionString,
  );
  const env = { ...settings, SNAPSHOT_LEASE_SECONDS: '15' };
  const stores = openStores(loadStorageConfig(env));
  const date = utcDateOf(Date.now());
  const readDay = () => Array.fromAsync(stores.usageByDay.listDay(date));

  await stores.ensureTables();
  const killed = startCommandLine(['snapshot'], env);
  await until('100 customers to be captured', async () => (await readDay()).length >= 100);
  killed.kill('SIGKILL');
  expect((await killed.ended).exitCode).toBeNull();
  const done = await readDay();
  expect(done.length).toBeLessThan(500);
  simulator.resetStatistics();

  const continued = startCommandLine(['snapshot', '--wait', '--json'], env, {
    longestRunMs: 60_000,
  });
  const { exitCode, stdout } = await continued.ended;
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'complete',
    customers: { listed: 500, skipped: done.length, failed: 0, remaining: 0 },
  });

  // What lies below their plans had not been reached.
  const asked = simulator.statistics.log
    .filter(({ path }) => !/(?:resource|meter)usagerecords$/.test(path))
    .map(({ path }) => path.split('/')[3]);
  expect(done.filter(({ customerId }) => asked.includes(customerId))).toEqual([]);
  for (const row of await readDay()) {
    const expected = simulator.expectedCustomer(row.customerId);
    expect(row.outcome).toBe(expected.outcome);
    if (expected.outcome === 'usage') expect(row.figures?.totalCost).toBe(expected.totalCost);
  }
  const runs = await Array.fromAsync(stores.snapshotRuns.list({ from: date, to: date }));
  expect(runs.map(({ status }) => status)).toEqual(['failed', 'complete']);
});
