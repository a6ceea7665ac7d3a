import * as z from 'zod';
import { readRuns } from '../history/runs.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { component } from './component.ts';
import { formatParameter } from './format.ts';
import { answerList, listOf } from './itemList.ts';
import * as json from './jsonKind.ts';
import { date } from './parameterKind.ts';
import type { DataRoute } from './route.ts';
import type { ShapeOf } from './shapeOf.ts';

const runItem = component(
  'RunItem',
  z
    .object({
      snapshotDate: json.date('The day that it recorded, UTC'),
      runId: z.string(),
      partnerTenantId: z.string(),
      trigger: z.enum(['timer', 'catchUp', 'closing', 'cli']),
      scope: z.enum(['all', 'customer']),
      status: z.enum(['running', 'complete', 'partial', 'failed']),
      startedAt: json.timestamp('UTC'),
      finishedAt: json.timestamp('UTC; null while it runs').nullable(),
      durationMs: json.count().nullable(),
      customersListed: json.count('Distinct customers of the list and of the usage records'),
      customersWithUsage: json.count(),
      customersWithoutUsage: json.count(),
      customersRefused: json.count(),
      customersFailed: json.count(),
      customersSkipped: json.count('Done by an earlier run of the day'),
      customersRemaining: json
        .count('Without a row; null where the list was not read to its end')
        .nullable(),
      subscriptionsCaptured: json.count(),
      subscriptionsFailed: json.count(),
      requests: json.count('Requests to Partner Center, retries included'),
      retries: json.count(),
      throttled: json.count('Answers 429'),
      tokenRequests: json.count(),
      customersOnlyInUsageRecords: json.count(),
      costMismatches: json.count(
        'Customers whose summary and usage record differ by more than max(1, 10 %)',
      ),
      customersFailing: json
        .count(
          'Of the failed ones, those that failed on three recorded days or more; null of an outage',
        )
        .nullable(),
      isConcluded: z
        .boolean()
        .nullable()
        .meta({ description: 'Whether it left no cost, total or alert to a later run' }),
      isSettled: z.boolean().nullable().meta({
        description:
          'Whether nothing of the day is left: concluded, and complete but for a few customers that fail for good',
      }),
      error: z.string().nullable(),
      refreshTokenAgeDays: z
        .number()
        .nullable()
        .meta({ description: 'At the end of the run; null where it is not known' }),
      depthCaptured: json
        .count('Plans whose Azure subscriptions were captured; null where none were to be')
        .nullable(),
      depthFailed: json.count().nullable(),
      isDepthDone: z
        .boolean()
        .nullable()
        .meta({ description: 'Whether nothing below the plans is left to a later run' }),
    } satisfies ShapeOf<SnapshotRun>)
    .meta({ description: 'What ran, and what came of it' }),
);

function toRunItem(run: SnapshotRun): z.infer<typeof runItem> {
  return {
    ...run,
    finishedAt: run.finishedAt ?? null,
    durationMs: run.durationMs ?? null,
    customersRemaining: run.customersRemaining ?? null,
    customersFailing: run.customersFailing ?? null,
    isConcluded: run.isConcluded ?? null,
    isSettled: run.isSettled ?? null,
    error: run.error ?? null,
    refreshTokenAgeDays: run.refreshTokenAgeDays ?? null,
    depthCaptured: run.depthCaptured ?? null,
    depthFailed: run.depthFailed ?? null,
    isDepthDone: run.isDepthDone ?? null,
  };
}

const parameters = {
  from: date('First day; default: 30 days up to the last').optional(),
  to: date('Last day; default: today').optional(),
  ...formatParameter,
};

export const runsRoute: DataRoute<typeof parameters> = {
  name: 'listRuns',
  access: 'data',
  summary: 'What ran, by date and start',
  description: 'A day is complete where a run of the scope `all` is.',
  parameters,
  answer: component('Runs', listOf(runItem)),
  rows: [runItem],
  async handle({ from, to }, context) {
    const runs = await readRuns({ from, to }, context);
    return answerList(runs, toRunItem, { schema: runItem, fileName: 'runs' });
  },
};
