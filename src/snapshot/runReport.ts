import type { EventLog } from '../telemetry/eventLog.ts';
import { isRunDone, type SnapshotRun } from '../usage/snapshotRun.ts';

/** Fields of a run that the event of a failure leaves out; other events have all of them. */
type LeftOut =
  | ('partnerTenantId' | 'trigger' | 'startedAt' | 'finishedAt' | 'durationMs' | 'isConcluded')
  | ('customersListed' | 'customersWithUsage' | 'customersWithoutUsage' | 'customersRefused')
  | ('customersFailed' | 'customersSkipped' | 'customersRemaining' | 'customersFailing')
  | ('subscriptionsCaptured' | 'subscriptionsFailed' | 'requests' | 'retries' | 'throttled')
  | ('depthCaptured' | 'depthFailed' | 'isDepthDone')
  | ('tokenRequests' | 'refreshTokenAgeDays' | 'customersOnlyInUsageRecords' | 'costMismatches');

/** Sends the event of a run's end. */
export function reportRun(run: SnapshotRun, events: EventLog): void {
  if (run.status === 'failed') {
    const { runId, snapshotDate, scope, status, isSettled, error } = run;
    const facts: { [Name in Exclude<keyof SnapshotRun, LeftOut>]: SnapshotRun[Name] } = {
      runId,
      snapshotDate,
      scope,
      status,
      isSettled,
      error,
    };
    events.emit('snapshot.run.failed', facts);
    return;
  }
  const level = isRunDone(run) && run.isConcluded ? 'info' : 'warning';
  events.emit('snapshot.run.completed', { ...run }, level);
}
