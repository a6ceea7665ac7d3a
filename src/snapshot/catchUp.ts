import { messageOf } from '../errors.ts';
import { calendarMonthOf, computePeriodEndsMs } from '../usage/billingPeriod.ts';
import { utcDateOf } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { CustomerSnapshot, UsageFigures } from '../usage/usageSnapshot.ts';
import { createRunContext } from './runContext.ts';
import type { SnapshotContext, SnapshotServices } from './snapshotContext.ts';
import type { SnapshotRequest } from './snapshotRequest.ts';
import { runSnapshot, type SnapshotResult } from './snapshotRun.ts';
import { StopPolicy } from './stopPolicy.ts';
import { reportUnreadable } from './unreadableRow.ts';

export interface CatchUpRequest {
  /** When the nightly run is next due after an instant, both in milliseconds since the epoch. */
  nextNightlyMs: (afterMs: number) => number | undefined;
  /** The process is to end. */
  signal?: AbortSignal;
}

/** From this hour on, UTC, periods that end before the next nightly run are captured once more. */
const closingHour = 22;

/**
 * Completes a day that is not settled or has undelivered alerts, once its nightly run was due,
 * whether or not it ran. A settled day costs one small query. Customers that fail for good are
 * asked by one catch-up a day.
 *
 * From 22:00 UTC on it also captures once more the customers whose billing period ends before the
 * next nightly run: a closed period is never shown again. What lies below the plans waits for that.
 *
 * @returns what ran, in order
 */
export async function runCatchUp(
  request: CatchUpRequest,
  services: SnapshotServices,
): Promise<SnapshotResult[]> {
  const { clock, settings } = services;
  const end = new StopPolicy({
    clock,
    snapshotDate: utcDateOf(clock.now()),
    deadlineAtMs: clock.now() + settings.deadlineMs,
    terminated: request.signal,
  });
  try {
    return await runWhatIsDue(request, end, services);
  } finally {
    end.dispose();
  }
}

async function runWhatIsDue(
  { nextNightlyMs, signal }: CatchUpRequest,
  end: StopPolicy,
  services: SnapshotServices,
): Promise<SnapshotResult[]> {
  const { clock, settings } = services;
  // What is read before a run begins ends like a run.
  const reading = createRunContext(services, end);
  const nowMs = clock.now();
  const today = utcDateOf(nowMs);
  const dueMs = nextNightlyMs(Date.parse(today) - 1);
  if (dueMs === undefined || dueMs > nowMs) return [];

  const { isDone, isDelivered, isClosed, isDepthDone } = await reportFailureOf(
    readRuns(today, reading),
    today,
    services,
  );
  const results: SnapshotResult[] = [];
  // One deadline for both runs: the host limits the whole invocation.
  const stop = { deadlineAtMs: nowMs + settings.deadlineMs, ...(signal && { signal }) };
  const isUnfinished =
    !isDone ||
    (!isDelivered && (await reportFailureOf(hasUndelivered(today, reading), today, services)));
  const run = async (due: Pick<SnapshotRequest, 'trigger' | 'isForced' | 'leavesDepth'>) => {
    results.push(await runSnapshot({ ...due, ...stop }, services));
  };
  const isForced = isClosingCaptureDue(nowMs, nextNightlyMs(nowMs));
  const isEnding = () => reportFailureOf(hasRow(today, isForced, reading), today, services);
  const isClosing = new Date(nowMs).getUTCHours() >= closingHour && !isClosed && (await isEnding());
  let isDepthLeft = !isDepthDone;
  if (isUnfinished) {
    await run({ trigger: 'catchUp', leavesDepth: isClosing });
    isDepthLeft = isClosing && settings.depth.level !== 'off';
  }
  // A run that could take no customer any more would only record that it was stopped.
  if (isClosing && end.reason === undefined && (!isUnfinished || (await isEnding()))) {
    await run({ trigger: 'closing', isForced });
    isDepthLeft = false;
  }
  if (isDepthLeft && end.reason === undefined) await run({ trigger: 'catchUp' });
  return results;
}

/** Runs report their own failures; what fails before one begins is reported here. */
async function reportFailureOf<T>(
  work: Promise<T>,
  today: string,
  services: SnapshotServices,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const failure = { snapshotDate: today, scope: 'all', error: messageOf(error) };
    services.events.emit('snapshot.run.failed', failure);
    throw error;
  }
}

async function readRuns(today: string, { stores, events }: SnapshotContext) {
  let last: SnapshotRun | undefined;
  let isCaughtUp = false;
  let isClosed = false;
  const range = { from: today, to: today };
  for await (const run of stores.snapshotRuns.list(range, {
    onUnreadable: reportUnreadable(events),
  })) {
    // The last run counts: a later one that failed may have written rows that no total includes.
    last = run;
    isCaughtUp ||= run.trigger === 'catchUp';
    isClosed ||= run.status === 'complete' && run.trigger === 'closing';
  }
  const isSettled = last?.isSettled === true;
  // Customers that fail for good are asked once more a day.
  const isDone = isSettled && (last?.status === 'complete' || isCaughtUp);
  const isDelivered = last !== undefined && last.trigger !== 'cli';
  return { isDone, isDelivered, isClosed, isDepthDone: last?.isDepthDone !== false };
}

/** Whether something is undelivered: runs of the command line find alerts and deliver none. */
async function hasUndelivered(
  today: string,
  { stores, budgets, events }: SnapshotContext,
): Promise<boolean> {
  const range = { from: today, to: today };
  const options = { onUnreadable: reportUnreadable(events) };
  for await (const _ of stores.usageByDay.listUndeliveredAnomalies(range, options)) return true;
  for await (const _ of budgets.listUndelivered(today)) return true;
  return false;
}

async function hasRow(
  today: string,
  isWanted: (row: CustomerSnapshot) => boolean,
  { stores, events }: SnapshotContext,
): Promise<boolean> {
  for await (const row of stores.usageByDay.listDay(today, {
    onUnreadable: reportUnreadable(events),
  })) {
    if (isWanted(row)) return true;
  }
  return false;
}

/**
 * Whether a customer's billing period ends between now and an instant, and it was not captured
 * since 22:00: many such customers may take more than one run. A period that is over is not shown
 * any more. Where the end can be read in two ways, both count; figures that name no period are
 * taken for those of the calendar month.
 */
function isClosingCaptureDue(
  nowMs: number,
  untilMs = Number.POSITIVE_INFINITY,
): (row: CustomerSnapshot) => boolean {
  const closingMs = Date.parse(utcDateOf(nowMs)) + closingHour * 3_600_000;
  return ({ figures, capturedAt }) =>
    figures !== undefined &&
    Date.parse(capturedAt) < closingMs &&
    periodEndsMs(figures, utcDateOf(nowMs)).some((endMs) => endMs > nowMs && endMs <= untilMs);
}

function periodEndsMs(figures: UsageFigures, today: string): number[] {
  const endsMs = computePeriodEndsMs(figures);
  return endsMs.length > 0 ? endsMs : [Date.parse(calendarMonthOf(today).end)];
}
