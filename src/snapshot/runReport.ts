import type { EventLog } from '../telemetry/eventLog.ts';
import { isRunDone, type SnapshotRun } from '../usage/snapshotRun.ts';

/** What of a run the event of a failure does not tell; that of any other end tells all. */
type LeftOut =
  | ('partnerTenantId' | 'trigger' | 'startedAt' | 'finishedAt' | 'durationMs' | 'isConcluded')
  | ('customersListed' | 'customersWithUsage' | 'customersWithoutUsage' | 'customersRefused')
  | ('customersFailed' | 'customersSkipped' | 'customersRemaining' | 'customersFailing')
  | ('subscriptionsCaptured' | 'subscriptionsFailed' | 'requests' | 'retries' | 'throttled')
  | ('tokenRequests' | 'customersOnlyInUsageRecords' | 'costMismatches');

/** Tells how a run ended. */
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
