import { readSchedules } from '../../src/config/registration.ts';
import { computeNextRun } from '../../src/config/schedule.ts';
import type { AzdEnvironment } from './commands.ts';

/**
 * The day of the first night that is due after a deployment, `yyyy-MM-dd` by UTC, where it has to be
 * written down: as long as nothing is deployed. Afterwards it stays, so that a deployment never
 * silences an alert.
 */
export function computeFirstNight(env: AzdEnvironment, nowMs: number): string | undefined {
  // What the first deployment that succeeds puts into the environment.
  if (env['SERVICE_API_URI']) return undefined;
  const nextRunMs = computeNextRun(readSchedules(env).schedule, nowMs) ?? nowMs;
  const day = new Date(nextRunMs).toISOString().slice(0, 10);
  const known = env['FIRST_NIGHT'] ?? '';
  // A failed deployment may have been days ago. A later day was set by hand.
  return known < day ? day : undefined;
}
