import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAzurite, startAzurite } from '../../src/cli/embeddedAzurite.ts';
import { endAll, startPartner } from '../support/commandLine.ts';
import { loadFunctions, root } from '../support/functionHost.ts';

/** Calls one of the app's timers, as the host does when it is due. */
async function invoke(
  name: string,
  env: Record<string, string>,
  { isPastDue = false, isTerminated = false } = {},
) {
  const timer = { name, timer: { isPastDue }, isTerminated };
  const { lines, failure } = await loadFunctions(env, { timer });
  return { events: lines.map(([level, line]) => ({ level, ...JSON.parse(line) })), failure };
}

async function schedulesOf(env: Record<string, string> = {}) {
  const { registered } = await loadFunctions(env);
  return Object.fromEntries(
    registered.flatMap(({ name, bindings }) => {
      const timer = Object.values(bindings).find(({ type }) => type === 'timerTrigger');
      return timer ? [[name, timer.schedule]] : [];
    }),
  );
}

describe('the built app', () => {
  it('registers its timers with their default schedules where no setting is given', async () => {
    expect(await schedulesOf()).toEqual({
      nightlySnapshot: '0 30 2 * * *',
      catchUpSnapshot: '0 0 4-23 * * *',
    });
  });

  it('registers the schedules that are set', async () => {
    const env = {
      SNAPSHOT_SCHEDULE: '0 15 3 * * *',
      SNAPSHOT_CATCH_UP_SCHEDULE: '0 */30 4-23 * * *',
    };
    expect(await schedulesOf(env)).toEqual({
      nightlySnapshot: '0 15 3 * * *',
      catchUpSnapshot: '0 */30 4-23 * * *',
    });
  });

  it('registers whatever the settings hold', async () => {
    const env = {
      SNAPSHOT_SCHEDULE: 'every night',
      SNAPSHOT_STORAGE: 'nonsense',
      PARTNER_CENTER_CLOUD: 'china',
    };
    expect(await schedulesOf(env)).toMatchObject({ nightlySnapshot: '0 30 2 * * *' });
  });
});

describe('a timer that is due', () => {
  let azurite: EmbeddedAzurite;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterEach(endAll);
  afterAll(() => azurite?.stop());

  it('takes the snapshot of the day, and the catch-up finds nothing left to do', async () => {
    const { settings, simulator } = await startPartner({ customers: 20 }, azurite.connectionString);
    const nightly = await invoke('nightlySnapshot', settings);
    expect(nightly.failure).toBeUndefined();
    expect(nightly.events.at(-1)).toMatchObject({
      level: 'info',
      event: 'snapshot.run.completed',
      trigger: 'timer',
      status: 'complete',
      customersListed: 20,
    });
    simulator.resetStatistics();
    // Due at each second of the day, so that it is due whenever this test runs.
    const due = { ...settings, SNAPSHOT_SCHEDULE: '* * * * * *' };
    const catchUp = await invoke('catchUpSnapshot', due);
    expect(catchUp.failure).toBeUndefined();
    const closing = catchUp.events.filter(({ trigger }) => trigger !== 'closing');
    expect(closing).toEqual([]);
  });

  it('begins the day by the catch-up when the nightly run never came', async () => {
    const { settings } = await startPartner({ customers: 20 }, azurite.connectionString);
    const due = { ...settings, SNAPSHOT_SCHEDULE: '* * * * * *' };
    const { events } = await invoke('catchUpSnapshot', due);
    const [run] = events.filter(({ event }) => event === 'snapshot.run.completed');
    expect(run).toMatchObject({ trigger: 'catchUp', status: 'complete' });
  });

  it('and comes late for an earlier day leaves the present one to its own time', async () => {
    const { settings, simulator } = await startPartner({ customers: 20 }, azurite.connectionString);
    // The last second of the last day of February in a leap year: not today.
    const notDue = { ...settings, SNAPSHOT_SCHEDULE: '59 59 23 29 2 *' };
    const late = await invoke('nightlySnapshot', notDue, { isPastDue: true });
    expect(late).toEqual({ events: [], failure: undefined });
    expect(simulator.statistics.requests).toBe(0);
  });

  it('lets its run write its record before the host goes', async () => {
    const { settings } = await startPartner({ customers: 20 }, azurite.connectionString);
    const { events } = await invoke('nightlySnapshot', settings, { isTerminated: true });
    expect(events.slice(-2)).toMatchObject([
      { event: 'snapshot.run.completed', level: 'warn', status: 'partial' },
      { event: 'host has terminated' },
    ]);
    expect(events.at(-2).error).toContain('process was to end');
  });

  it('fails, with every problem in its event, when settings are missing', async () => {
    const { events, failure } = await invoke('nightlySnapshot', { SNAPSHOT_CONCURRENCY: 'many' });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ level: 'error', event: 'snapshot.run.failed', scope: 'all' });
    for (const name of ['PARTNER_CENTER_TENANT_ID', 'SNAPSHOT_STORAGE', 'SNAPSHOT_CONCURRENCY']) {
      expect(events[0].error).toContain(name);
      expect(failure).toContain(name);
    }
  });

  it('fails its invocation when its run failed', async () => {
    const refusal = { error: 'invalid_grant', code: 700082 };
    const options = { customers: 20, signIn: { refusal } };
    const { settings } = await startPartner(options, azurite.connectionString);
    const { events, failure } = await invoke('nightlySnapshot', settings);
    expect(events.at(-1)).toMatchObject({ level: 'error', event: 'snapshot.run.failed' });
    expect(failure).toContain('90 days');
  });
});

describe('host.json', () => {
  const host = JSON.parse(readFileSync(`${root}/host.json`, 'utf8'));

  it('asks for no extension bundle, which the host would have to download before it starts', async () => {
    expect(host).not.toHaveProperty('extensionBundle');
    // Azure Functions: these two kinds of trigger are the host's own.
    const { registered } = await loadFunctions();
    const types = registered.flatMap(({ bindings }) => Object.values(bindings));
    expect(new Set(types.map(({ type }) => type))).toEqual(
      new Set(['timerTrigger', 'httpTrigger', 'http']),
    );
  });

  it('leaves a run at least 10 minutes beyond the longest deadline', () => {
    const [hours, minutes, seconds] = host.functionTimeout.split(':').map(Number);
    expect(hours * 60 + minutes + seconds / 60).toBeGreaterThanOrEqual(65 + 10);
  });

  it('never lets sampling drop a line of ours, and lets information through', () => {
    const { samplingSettings } = host.logging.applicationInsights;
    expect(samplingSettings.excludedTypes.split(';')).toEqual(['Request', 'Trace', 'Exception']);
    expect(host.logging.logLevel.Function).toBe('Information');
  });
});
