import type { Config } from '../config/config.ts';
import { messageOf } from '../errors.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import type { App } from './app.ts';

const termination = new AbortController();
const underWay = new Set<Promise<void>>();

/** The day's snapshot. A delayed timer may belong to an earlier day, so it starts a catch-up. */
export function runNightly(isPastDue: boolean, events: EventLog): Promise<void> {
  return isPastDue ? runCatchUp(events) : track(runWithApp(events, startSnapshot));
}

/** Completes an incomplete day, and captures once more the customers whose periods end. */
export function runCatchUp(events: EventLog): Promise<void> {
  return track(runWithApp(events, (app) => app.runCatchUp(termination.signal)));
}

/** Ends all runs of the timers: each writes its record within seconds. */
export async function terminateRuns(): Promise<void> {
  termination.abort(new Error('the host is shutting down'));
  await Promise.allSettled(underWay);
}

async function startSnapshot(app: App) {
  return [await app.runSnapshot({ trigger: 'timer', signal: termination.signal })];
}

/**
 * Creates an app for each run: settings and sign-in are read again, so that a changed setting or a
 * rotated secret needs no restart.
 *
 * @throws Error when a run failed, so that the host counts the invocation as failed
 */
async function runWithApp(
  events: EventLog,
  start: (app: App) => ReturnType<App['runCatchUp']>,
): Promise<void> {
  const config = await loadConfigOrReport(events);
  // Loaded with the first run: functions have to register fast, and the Azure SDKs load slowly.
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

async function loadConfigOrReport(events: EventLog): Promise<Config> {
  const { loadConfig } = await import('../config/loadConfig.ts');
  const { findMisspellings } = await import('../config/misspelling.ts');
  for (const { name, nearest } of findMisspellings()) {
    events.emit('snapshot.setting.unknown', { name, nearest });
  }
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
