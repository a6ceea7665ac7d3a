import type { EventLog } from '../telemetry/eventLog.ts';
import { isRunDone, type SnapshotRun } from '../usage/snapshotRun.ts';

/** Tells how a run ended. */
export function reportRun(run: SnapshotRun, events: EventLog): void {
  if (run.status === 'failed') {
    const { runId, snapshotDate, scope, status, isSettled, error } = run;
    const facts = { runId, snapshotDate, scope, status, isSettled, error };
    events.emit('snapshot.run.failed', facts);
    return;
  }
  const level = isRunDone(run) && run.isConcluded ? 'info' : 'warning';
  events.emit('snapshot.run.completed', { ...run }, level);
}
