import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { messageOf } from '../errors.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import type { App } from './app.ts';

const termination = new AbortController();
const underWay = new Set<Promise<void>>();

/** The day's snapshot. Late for an earlier day, it only takes up what the present one lacks. */
export function runNightly(isPastDue: boolean, events: EventLog): Promise<void> {
  return isPastDue ? runCatchUp(events) : track(runWithApp(events, startSnapshot));
}

/** Takes up a day that is not complete, and looks once more at periods that end. */
export function runCatchUp(events: EventLog): Promise<void> {
  return track(runWithApp(events, (app) => app.runCatchUp(termination.signal)));
}

/** Ends what the timers have started: each run writes its record, within seconds. */
export async function terminateRuns(): Promise<void> {
  termination.abort(new Error('the host is shutting down'));
  await Promise.allSettled(underWay);
}

async function startSnapshot(app: App) {
  return [await app.runSnapshot({ trigger: 'timer', signal: termination.signal })];
}

/**
 * Puts together a product of its own for each start: settings and sign-in are read afresh, so that
 * a changed setting or a rotated secret needs no restart.
 *
 * @throws Error when a run failed, so that the host counts the invocation as failed
 */
async function runWithApp(
  events: EventLog,
  start: (app: App) => ReturnType<App['runCatchUp']>,
): Promise<void> {
  const config = loadConfigOrReport(events);
  // Loaded when due: functions have to register fast, and the Azure SDKs take their time.
  const { createApp } = await import('./app.ts');
  const app = createApp(config, events);
  try {
    for (const result of await start(app)) {
      if (result.isBusy || result.run.status !== 'failed') continue;
      throw new Error(`run ${result.run.runId} failed: ${result.run.error}`);
    }
  } finally {
    await app.close();
  }
}

function loadConfigOrReport(events: EventLog): Config {
  try {
    return loadConfig();
  } catch (error) {
    events.emit('snapshot.run.failed', { scope: 'all', error: messageOf(error) });
    throw error;
  }
}

async function track(work: Promise<void>): Promise<void> {
  underWay.add(work);
  try {
    await work;
  } finally {
    underWay.delete(work);
  }
}
