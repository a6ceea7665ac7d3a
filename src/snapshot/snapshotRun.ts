import { ConfigurationError, messageOf } from '../errors.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { RunFailure } from './dayFailures.ts';
import { Lease } from './lease.ts';
import { createRunContext } from './runContext.ts';
import { newRun } from './runRecord.ts';
import type { SnapshotServices } from './snapshotContext.ts';
import { SnapshotJob } from './snapshotJob.ts';
import type { SnapshotRequest } from './snapshotRequest.ts';
import { StopPolicy } from './stopPolicy.ts';

export type SnapshotResult =
  | {
      isBusy: false;
      run: SnapshotRun;
      /** The first 1,000. */
      failures: readonly RunFailure[];
    }
  | {
      /** Another run is at work, and nothing was done. */
      isBusy: true;
      /** The other one. */
      runId: string;
    };

/** Between two tries to acquire a busy lease. */
const busyPollMs = 5_000;

/**
 * Takes the day's snapshot of all customers, or of one. What the day's ledger has as done is left
 * out, so that a run takes up where an earlier one of the same UTC date ended. A lease keeps two
 * runs apart.
 *
 * What failed is in the result, in the run's record and in its event.
 *
 * @throws ConfigurationError when the one customer asked for is not the partner's
 * @throws StorageError when the tables cannot be reached at all, and RunStoppedError when they gave
 * no answer until the run was to end; there is an event, but no record
 */
export async function runSnapshot(
  request: SnapshotRequest,
  services: SnapshotServices,
): Promise<SnapshotResult> {
  const { clock, settings } = services;
  for (;;) {
    // Anew each time: a run that had to wait belongs to the day on which it begins.
    const run = newRun(request, services);
    const deadlineMs = clock.now() + settings.deadlineMs;
    const end = new StopPolicy({
      clock,
      snapshotDate: run.snapshotDate,
      deadlineAtMs: Math.min(deadlineMs, request.deadlineAtMs ?? Number.POSITIVE_INFINITY),
      terminated: request.signal,
    });
    try {
      const lease = await acquireOrReport(run, end, services);
      if (typeof lease !== 'string') return await runWithLease(run, lease, end, request, services);
      if (!request.isWaiting) return { isBusy: true, runId: lease };
    } finally {
      end.dispose();
    }
    await clock.sleep(busyPollMs, request.signal);
  }
}

async function acquireOrReport(
  { runId, snapshotDate, scope }: SnapshotRun,
  end: StopPolicy,
  { ensureTables, lease, clock, settings, events }: SnapshotServices,
): Promise<Lease | string> {
  try {
    await ensureTables({ abortSignal: end.signal });
    const options = { store: lease, clock, leaseMs: settings.leaseMs };
    return await Lease.acquire(runId, options, { abortSignal: end.signal });
  } catch (error) {
    events.emit('snapshot.run.failed', { runId, snapshotDate, scope, error: messageOf(error) });
    throw error;
  }
}

async function runWithLease(
  run: SnapshotRun,
  lease: Lease,
  end: StopPolicy,
  request: SnapshotRequest,
  services: SnapshotServices,
): Promise<SnapshotResult> {
  end.endWhenLost(lease.lost);
  const job = new SnapshotJob(run, request, createRunContext(services, end, lease), end);
  try {
    let error: unknown;
    try {
      await job.capture();
    } catch (thrown) {
      error = thrown;
    }
    await job.finalize(error);
    if (error instanceof ConfigurationError) throw error;
    return { isBusy: false, run, failures: job.failures };
  } finally {
    await lease.release({ abortSignal: end.callSignal('lease') });
  }
}
