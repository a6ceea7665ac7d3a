import type { RunStatus, SnapshotRun } from '../usage/snapshotRun.ts';
import type { DayLedger } from './dayLedger.ts';
import type { SnapshotSettings } from './snapshotContext.ts';

/** Why the day may be incomplete, apart from its counts. */
export function findDoubt(
  { scope }: SnapshotRun,
  { list, stoppedBy, recapturesFailed, isRightLost }: DayLedger,
  customers: SnapshotSettings['customers'],
): string | undefined {
  if (stoppedBy !== undefined) return `stopped: ${stoppedBy}`;
  if (list.error) return list.error.message;
  if (recapturesFailed > 0) return `${recapturesFailed} customers could not be captured once more`;
  if (isRightLost) {
    return 'most likely a right on subscriptions was lost';
  }
  if (scope === 'customer') return undefined;
  const named = list.ids.size - list.onlyInUsageRecords;
  if (named > 0) return undefined;
  const isByRecords = customers === 'usage';
  return `the ${isByRecords ? 'list of usage records' : 'customer list'} is empty`;
}

/** `complete` proves the day: only a run of all customers, without doubt and with a row of each. */
export function statusOf(run: SnapshotRun, doubt: string | undefined): RunStatus {
  return run.scope === 'all' && !doubt && isWholeLedger(run) ? 'complete' : 'partial';
}

function isWholeLedger(run: SnapshotRun): boolean {
  return run.customersRemaining === 0 && run.customersFailed === 0;
}

/** Whether a day that is not complete lacks only a few customers that fail for good. */
export function isOnlyFailingLeft(run: SnapshotRun, doubt: string | undefined): boolean {
  const { scope, status, customersRemaining, customersFailed, customersFailing } = run;
  const isReached = scope === 'all' && status === 'partial' && doubt === undefined;
  return isReached && customersRemaining === 0 && customersFailing === customersFailed;
}
