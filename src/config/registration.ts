import type { HttpAccess, Schedules } from './config.ts';
import { isTrue, settingsIn } from './givenSettings.ts';
import { defaultSchedules, isSchedule } from './schedule.ts';

/**
 * The settings that functions are registered by. They are read without the schemas of all settings,
 * whose library would be most of the time until functions are registered.
 */

/**
 * Who may see data. It never throws: with anything but `signIn` a key is needed, and `loadConfig`
 * reports what is not valid.
 */
export function readHttpAccess(env: NodeJS.ProcessEnv = process.env): HttpAccess {
  const { HTTP_AUTH, WEBSITE_AUTH_ENABLED } = settingsIn(env);
  return {
    httpAuth: HTTP_AUTH === 'signIn' ? HTTP_AUTH : 'key',
    isPlatformAuthEnabled: isTrue(WEBSITE_AUTH_ENABLED),
  };
}

/**
 * The schedules of the timers. It never throws: where a setting is missing or not valid the default
 * is used, and `loadConfig` reports the problem.
 */
export function readSchedules(env: NodeJS.ProcessEnv = process.env): Schedules {
  const { SNAPSHOT_SCHEDULE, SNAPSHOT_CATCH_UP_SCHEDULE } = settingsIn(env);
  const { schedule, catchUpSchedule } = defaultSchedules;
  return {
    schedule: validOr(schedule, SNAPSHOT_SCHEDULE),
    catchUpSchedule: validOr(catchUpSchedule, SNAPSHOT_CATCH_UP_SCHEDULE),
  };
}

function validOr(fallback: string, given: string | undefined): string {
  return given !== undefined && isSchedule(given) ? given : fallback;
}
