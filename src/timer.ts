import { type Config, loadConfig } from './config.ts';
import { messageOf } from './errors.ts';
import type { EventLog } from './telemetry/eventLog.ts';
import type { RunTrigger } from './usage/snapshotRun.ts';

/**
 * A run that a timer starts, with a product of its own: settings and sign-in are read afresh each
 * time, so that a changed setting or a rotated secret needs no restart.
 *
 * @throws Error when the run failed, so that the host counts the invocation as failed
 */
export async function runTimer(trigger: RunTrigger, events: EventLog): Promise<void> {
  const config = loadConfigOrReport(events);
  // Loaded when due: functions have to register fast, and the Azure SDKs take their time.
  const { createApp } = await import('./app.ts');
  const app = createApp(config, events);
  try {
    const { run } = await app.runSnapshot({ trigger });
    if (run.status === 'failed') throw new Error(`run ${run.runId} failed: ${run.error}`);
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
