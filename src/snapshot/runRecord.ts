import { utcDateOf } from '../usage/date.ts';
import type { RunTrigger, SnapshotRun } from '../usage/snapshotRun.ts';
import type { SnapshotServices } from './snapshotContext.ts';

/** The record of a run that begins now. */
export function newRun(
  { trigger, customerId }: { trigger: RunTrigger; customerId?: string },
  {
    clock,
    random,
    partnerTenantId,
  }: Pick<SnapshotServices, 'clock' | 'random' | 'partnerTenantId'>,
): SnapshotRun {
  const startedAt = new Date(clock.now()).toISOString();
  const suffix = Math.floor(random() * 0x1_0000_0000).toString(16);
  return {
    snapshotDate: utcDateOf(clock.now()),
    runId: `${startedAt.replace(/[-:.]/g, '')}-${suffix.padStart(8, '0')}`,
    partnerTenantId,
    trigger,
    scope: customerId === undefined ? 'all' : 'customer',
    status: 'running',
    startedAt,
    customersListed: 0,
    customersWithUsage: 0,
    customersWithoutUsage: 0,
    customersRefused: 0,
    customersFailed: 0,
    customersSkipped: 0,
    subscriptionsCaptured: 0,
    subscriptionsFailed: 0,
    requests: 0,
    retries: 0,
    throttled: 0,
    tokenRequests: 0,
    customersOnlyInUsageRecords: 0,
    costMismatches: 0,
  };
}
