import { Cron } from 'croner';
import type { Schedules } from './config.ts';

export const defaultSchedules: Schedules = {
  schedule: '0 30 2 * * *',
  catchUpSchedule: '0 0 4-23 * * *',
};

/**
 * One field of an NCRONTAB expression: `*`, numbers, three-letter names, ranges, steps, lists.
 * The `L`, `W`, `#` and `?` of other cron dialects are unknown to Azure Functions.
 */
const fieldPattern = /^(?:\*|(?:\d+|[a-z]{3})(?:-(?:\d+|[a-z]{3}))?)(?:\/\d+)?$/i;

/**
 * Whether the text is a schedule that Azure Functions accepts and that is ever due: an NCRONTAB
 * expression of six fields, `{second} {minute} {hour} {day} {month} {day of week}` (Azure
 * Functions: timer trigger). Sunday is 0, and 7 is not a day.
 */
export function isSchedule(text: string): boolean {
  const fields = text.split(/\s+/);
  if (!fields.every((field) => field.split(',').every((item) => fieldPattern.test(item)))) {
    return false;
  }
  if (/7/.test(fields[5] ?? '')) return false;
  try {
    return computeNextRun(text, 0) !== undefined;
  } catch {
    return false;
  }
}

/**
 * When a schedule is next due after a moment, both in milliseconds since the epoch, by UTC.
 * `undefined` where it never is (the 30th of February).
 *
 * @throws Error where the text is no schedule
 */
export function computeNextRun(schedule: string, afterMs: number): number | undefined {
  const cron = new Cron(schedule, {
    mode: '6-part',
    paused: true,
    timezone: 'UTC',
    // NCRONTAB fires where both day of month and day of week match; cron fires where either does.
    domAndDow: true,
  });
  return cron.nextRun(new Date(afterMs))?.getTime();
}
