import { utcDateOf } from '../usage/date.ts';
import { isDayWhole } from '../usage/snapshotRun.ts';
import type { HistoryContext } from './historyContext.ts';
import { findLatestDates } from './latestDates.ts';

/** A day of recording, and how far it has come. */
export interface Day {
  /** `yyyy-MM-dd`, UTC. */
  date: string;
  /** Whether a run has proved it complete: then a customer without a row was not there. */
  isWhole: boolean;
}

/**
 * The day that was asked for; by default the latest with a complete run, or where there is none the
 * latest that was recorded, or today.
 */
export async function findDay(asked: string | undefined, context: HistoryContext): Promise<Day> {
  if (asked !== undefined) return { date: asked, isWhole: await isWhole(asked, context) };
  const { complete, recorded = utcDateOf(context.now()) } = await findLatestDates(context);
  return { date: complete ?? recorded, isWhole: complete !== undefined };
}

/** Whether a run has proved a day complete. */
export async function isWhole(
  date: string,
  { stores: { snapshotRuns }, onUnreadable }: HistoryContext,
): Promise<boolean> {
  for await (const run of snapshotRuns.list({ from: date, to: date }, { onUnreadable })) {
    if (isDayWhole(run)) return true;
  }
  return false;
}
