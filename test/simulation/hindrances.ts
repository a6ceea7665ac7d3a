import type { Writer } from './ledger.ts';
import type { Resource } from './showing.ts';

/** A run takes no new customers in the last minutes of a day, whoever's clock counts them. */
const lastMinutesMs = 10 * 60_000;
const dayMs = 86_400_000;

/**
 * Whether something of the world kept a run from writing what it was shown of a resource: its
 * process was to end, its time was over, Partner Center sent it away, or a table failed.
 */
export function isHindered(
  writer: Writer | undefined,
  {
    runId,
    resource,
    deadlineMs,
    nowMs,
  }: { runId: string; resource: Resource; deadlineMs: number; nowMs: number },
): boolean {
  if (!writer?.life) return true;
  const { startedAtMs, termination, isSentAway, troubledPartitions } = writer.life;
  const isOutOfTime =
    nowMs >= startedAtMs + deadlineMs ||
    nowMs % dayMs >= dayMs - lastMinutesMs ||
    Math.floor(nowMs / dayMs) > Math.floor(startedAtMs / dayMs);
  if (termination.aborted || isSentAway || isOutOfTime) return true;
  return troubledPartitions.has(`${runId} ${resource.partitionKey}`);
}
