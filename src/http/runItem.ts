import * as z from 'zod';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { component } from './component.ts';
import { count, date, timestamp } from './jsonKind.ts';
import type { ShapeOf } from './shapeOf.ts';

export const runItem = component(
  'RunItem',
  z
    .object({
      snapshotDate: date('The day that it recorded, UTC'),
      runId: z.string(),
      partnerTenantId: z.string(),
      trigger: z.enum(['timer', 'catchUp', 'closing', 'cli']),
      scope: z.enum(['all', 'customer']),
      status: z.enum(['running', 'complete', 'partial', 'failed']),
      startedAt: timestamp('UTC'),
      finishedAt: timestamp('UTC; null while it runs').nullable(),
      durationMs: count().nullable(),
      customersListed: count('Distinct customers of the list and of the usage records'),
      customersWithUsage: count(),
      customersWithoutUsage: count(),
      customersRefused: count(),
      customersFailed: count(),
      customersSkipped: count('Done by an earlier run of the day'),
      customersRemaining: count(
        'Without a row; null where the list was not read to its end',
      ).nullable(),
      subscriptionsCaptured: count(),
      subscriptionsFailed: count(),
      requests: count('Requests to Partner Center, retries included'),
      retries: count(),
      throttled: count('Answers 429'),
      tokenRequests: count(),
      customersOnlyInUsageRecords: count(),
      costMismatches: count(
        'Customers whose summary and usage record differ by more than max(1, 10 %)',
      ),
      customersFailing: count(
        'Of the failed ones, those that failed on three recorded days or more; null of an outage',
      ).nullable(),
      isConcluded: z
        .boolean()
        .nullable()
        .meta({ description: 'Whether it left no cost, total or alert to a later run' }),
      isSettled: z.boolean().nullable().meta({
        description:
          'Whether nothing of the day is left: concluded, and complete but for a few customers that fail for good',
      }),
      error: z.string().nullable(),
    } satisfies ShapeOf<SnapshotRun>)
    .meta({ description: 'What ran, and what came of it' }),
);

export function toRunItem(run: SnapshotRun): z.infer<typeof runItem> {
  return {
    ...run,
    finishedAt: run.finishedAt ?? null,
    durationMs: run.durationMs ?? null,
    customersRemaining: run.customersRemaining ?? null,
    customersFailing: run.customersFailing ?? null,
    isConcluded: run.isConcluded ?? null,
    isSettled: run.isSettled ?? null,
    error: run.error ?? null,
  };
}
