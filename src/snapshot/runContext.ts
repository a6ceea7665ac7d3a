import type { Fence } from '../callOptions.ts';
import type { Lease } from './lease.ts';
import type { SnapshotContext, SnapshotServices } from './snapshotContext.ts';
import type { StopPolicy } from './stopPolicy.ts';

/**
 * What a run works with: every call to a table ends with the run, and each write makes sure first
 * that the run still has its lease.
 *
 * @param lease absent before there is one: nothing is written then
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
