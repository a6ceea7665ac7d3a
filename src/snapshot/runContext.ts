import type { Fence } from '../callOptions.ts';
import type { Lease } from './lease.ts';
import type { SnapshotContext, SnapshotServices } from './snapshotContext.ts';
import type { StopPolicy } from './stopPolicy.ts';

/**
 * What a run works with: every call to a table ends with the run, and each write checks first that
 * the run still has its lease.
 *
 * @param lease absent before the run has one; nothing is written until then
 */
export function createRunContext(
  services: SnapshotServices,
  end: StopPolicy,
  lease?: Lease,
): SnapshotContext {
  const fence: Fence = {
    assertWritable: () => lease?.assertHeld(),
    callSignal: (kind) => end.callSignal(kind),
  };
  return { ...services, ...services.openStores(fence) };
}
