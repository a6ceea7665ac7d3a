import { present } from '../usage/present.ts';
import type { RunScope, RunStatus, RunTrigger, SnapshotRun } from '../usage/snapshotRun.ts';
import { type Entity, int32Column, messageText, text } from './columns.ts';
import { dateKey, runKey } from './keys.ts';
import { type Row, RowReader } from './rowReader.ts';

const triggers: readonly RunTrigger[] = ['timer', 'catchUp', 'closing', 'cli'];
const scopes: readonly RunScope[] = ['all', 'customer'];
const statuses: readonly RunStatus[] = ['running', 'complete', 'partial', 'failed'];

/**
 * A row of `SnapshotRuns`.
 *
 * @throws RangeError when date or runId cannot be a key, or a count is no 32-bit integer
 */
export function toSnapshotRunEntity(run: SnapshotRun): Entity {
  const { durationMs, customersRemaining, customersFailing, isConcluded, isSettled, error } = run;
  return {
    partitionKey: dateKey(run.snapshotDate),
    rowKey: runKey(run.runId),
    snapshotDate: run.snapshotDate,
    runId: run.runId,
    partnerTenantId: text(run.partnerTenantId),
    trigger: run.trigger,
    scope: run.scope,
    status: run.status,
    startedAt: text(run.startedAt),
    ...present({
      finishedAt: text(run.finishedAt),
      // 24 days fit an Int32; a run is over within one.
      durationMs: durationMs === undefined ? undefined : int32Column(durationMs),
      customersRemaining:
        customersRemaining === undefined ? undefined : int32Column(customersRemaining),
      customersFailing: customersFailing === undefined ? undefined : int32Column(customersFailing),
      isConcluded,
      isSettled,
      error: error === undefined ? undefined : messageText(error),
    }),
    customersListed: int32Column(run.customersListed),
    customersWithUsage: int32Column(run.customersWithUsage),
    customersWithoutUsage: int32Column(run.customersWithoutUsage),
    customersRefused: int32Column(run.customersRefused),
    customersFailed: int32Column(run.customersFailed),
    customersSkipped: int32Column(run.customersSkipped),
    subscriptionsCaptured: int32Column(run.subscriptionsCaptured),
    subscriptionsFailed: int32Column(run.subscriptionsFailed),
    requests: int32Column(run.requests),
    retries: int32Column(run.retries),
    throttled: int32Column(run.throttled),
    tokenRequests: int32Column(run.tokenRequests),
    customersOnlyInUsageRecords: int32Column(run.customersOnlyInUsageRecords),
    costMismatches: int32Column(run.costMismatches),
  };
}

/** @throws StorageError `UNREADABLE_ROW` */
export function fromSnapshotRunEntity(table: string, row: Row): SnapshotRun {
  const reader = new RowReader(table, row);
  return present({
    snapshotDate: reader.date('snapshotDate'),
    runId: reader.string('runId'),
    partnerTenantId: reader.string('partnerTenantId'),
    trigger: reader.oneOf('trigger', triggers),
    scope: reader.oneOf('scope', scopes),
    status: reader.oneOf('status', statuses),
    startedAt: reader.string('startedAt'),
    finishedAt: reader.optionalString('finishedAt'),
    durationMs: reader.optionalInteger('durationMs'),
    customersListed: reader.integer('customersListed'),
    customersWithUsage: reader.integer('customersWithUsage'),
    customersWithoutUsage: reader.integer('customersWithoutUsage'),
    customersRefused: reader.integer('customersRefused'),
    customersFailed: reader.integer('customersFailed'),
    customersSkipped: reader.integer('customersSkipped'),
    customersRemaining: reader.optionalInteger('customersRemaining'),
    subscriptionsCaptured: reader.integer('subscriptionsCaptured'),
    subscriptionsFailed: reader.integer('subscriptionsFailed'),
    requests: reader.integer('requests'),
    retries: reader.integer('retries'),
    throttled: reader.integer('throttled'),
    tokenRequests: reader.integer('tokenRequests'),
    customersOnlyInUsageRecords: reader.integer('customersOnlyInUsageRecords'),
    costMismatches: reader.integer('costMismatches'),
    customersFailing: reader.optionalInteger('customersFailing'),
    isConcluded: reader.optionalBoolean('isConcluded'),
    isSettled: reader.optionalBoolean('isSettled'),
    error: reader.optionalString('error'),
  });
}
