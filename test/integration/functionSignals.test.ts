import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { createStores } from '../../src/storage/createStores.ts';
import { createTables } from '../../src/storage/tables.ts';
import { endAll, startPartner, until } from '../support/commandLine.ts';
import { type HostAnswer, root, startFunctions } from '../support/functionHost.ts';

let azurite: EmbeddedAzurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterEach(endAll);
afterAll(() => azurite?.stop());

/** The nightly run of a partner whose answers take long enough to find it at work. */
async function startNight({ latencyMs = 500, isListening = false } = {}) {
  const options = { customers: 20, latencyMs };
  const { settings, simulator } = await startPartner(options, azurite.connectionString);
  const timer = { name: 'nightlySnapshot', timer: { isPastDue: false }, isTerminated: false };
  const { kill, ended } = startFunctions(settings, { timer, isListening });
  await until('a request of the run', () => simulator.statistics.requests > 0);
  return { kill, ended, simulator, readRuns: () => readRuns(settings, simulator) };
}

async function readRuns(settings: Record<string, string>, { partnerTenantId }: Simulator) {
  const prefix = settings['SNAPSHOT_TABLE_PREFIX'];
  const { snapshotRuns } = createStores(createTables(azurite, { prefix }));
  const runs = await Array.fromAsync(snapshotRuns.list({ from: '2000-01-01', to: '2999-12-31' }));
  expect(runs.map((run) => run.partnerTenantId)).toEqual(runs.map(() => partnerTenantId));
  return runs;
}

const listened = 'worker has listened';
const ends = ['snapshot.run.completed', 'snapshot.run.failed', listened];

/** How runs have ended, and what the worker itself has done. */
const endsOf = (lines: HostAnswer['lines']) =>
  lines.map(([, line]) => JSON.parse(line).event).filter((event) => ends.includes(event));

describe('a signal that reaches the worker itself', () => {
  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'as %s lets the run write its record, once, and then ends the process as ever',
    async (name) => {
      const { kill, ended, readRuns } = await startNight();
      kill(name);
      const { exitCode, signal, lines } = await ended;
      expect([exitCode, signal]).toEqual([null, name]);
      expect(endsOf(lines)).toEqual(['snapshot.run.completed']);
      expect(await readRuns()).toMatchObject([
        { status: 'partial', error: 'stopped: the process was to end', finishedAt: /T/ },
      ]);
    },
  );

  it('a second time ends the process at once, whether or not the record is written', async () => {
    // Longer than the run waits for open requests.
    const { kill, ended, readRuns } = await startNight({ latencyMs: 20_000 });
    kill('SIGTERM');
    kill('SIGINT');
    const { exitCode, signal, lines } = await ended;
    expect(exitCode).toBeNull();
    expect(['SIGTERM', 'SIGINT']).toContain(signal);
    expect(endsOf(lines)).toEqual([]);
    expect(await readRuns()).toMatchObject([{ status: 'running' }]);
  });

  it('leaves the end to a worker that listens itself; the record is written once all the same', async () => {
    const { kill, ended, readRuns } = await startNight({ isListening: true });
    kill('SIGTERM');
    const { exitCode, signal, lines } = await ended;
    expect([exitCode, signal]).toEqual([0, null]);
    expect(endsOf(lines)).toEqual(['snapshot.run.completed', listened]);
    expect(await readRuns()).toMatchObject([{ status: 'partial' }]);
  });
});

it('waiting for a signal keeps no process alive', async () => {
  const script = "await import('./dist/functions/appTerminate.js')";
  const args = ['--input-type=module', '--eval', script];
  await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 60_000 });
});
