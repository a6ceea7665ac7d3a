import { createApp, type SnapshotResult } from '../app/app.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { isRunDone, type SnapshotRun } from '../usage/snapshotRun.ts';
import { requireListed } from './customerName.ts';
import { createTerminalEventLog } from './eventLines.ts';
import { createProgress } from './progress.ts';
import { type Column, customerColumns, formatCounts, formatTable } from './table.ts';
import { type ExitCode, exitCodes, print, printJson, printProgress } from './terminal.ts';
import { untilTerminated } from './termination.ts';

export interface SnapshotOptions {
  force?: boolean;
  customer?: string;
  wait?: boolean;
  json?: boolean;
}

/** Runs the same job as the timer. */
export async function snapshot(options: SnapshotOptions): Promise<ExitCode> {
  const app = createApp(loadConfig(), createTerminalEventLog());
  const progress = createProgress(systemClock);
  try {
    const { customer } = options;
    const result = await untilTerminated(async (signal) =>
      app.runSnapshot({
        trigger: 'cli',
        isForced: options.force ?? false,
        isWaiting: options.wait ?? false,
        ...(customer !== undefined && {
          customerId: await requireListed(customer, app.connect(signal)),
        }),
        signal,
        onProgress: progress.show,
      }),
    );
    progress.end();
    if (result.isBusy) {
      if (options.json) printJson({ status: 'busy', runId: result.runId });
      else print(`busy: run ${result.runId} is at work; --wait waits until it has ended`);
      return exitCodes.partial;
    }
    if (result.run.error) printProgress(result.run.error);
    if (options.json) printJson(toJson(result));
    else print([describeRun(result.run), ...describeFailures(result)].join('\n\n'));
    return exitCodeOf(result.run);
  } finally {
    progress.end();
    await app.close();
  }
}

/** A run of one customer is done when that customer is, although its status is `partial`. */
export function exitCodeOf(run: SnapshotRun): ExitCode {
  if (run.status === 'failed') return exitCodes.failed;
  return isRunDone(run) ? exitCodes.done : exitCodes.partial;
}

/** A run's counts, for people. */
export function describeRun(run: SnapshotRun): string {
  const rows: [string, unknown][] = [
    ['customers listed', run.customersListed],
    ['  with usage', run.customersWithUsage],
    ['  without usage', run.customersWithoutUsage],
    ['  refused', run.customersRefused],
    ['  failed', run.customersFailed],
    ['  remaining', run.customersRemaining ?? 'unknown'],
    ['  of these done before', run.customersSkipped],
    ['  only in the usage records', run.customersOnlyInUsageRecords],
    ['subscriptions captured', run.subscriptionsCaptured],
    ['subscriptions failed', run.subscriptionsFailed],
    ['summaries unlike their records', run.costMismatches],
    ['requests', run.requests],
    ['  retried', run.retries],
    ['  throttled', run.throttled],
    ['  for access tokens', run.tokenRequests],
    ['seconds', ((run.durationMs ?? 0) / 1000).toFixed(1)],
  ];
  const heading = `run ${run.runId} of ${run.snapshotDate}`;
  const isOneDone = run.scope === 'customer' && isRunDone(run);
  return formatCounts([heading, isOneDone ? 'done' : run.status], rows);
}

/** Failures shown below the counts. */
const maxFailures = 20;

/** Who failed or was refused in the run, and why; none where nobody was. */
function describeFailures({ failures }: SnapshotResult & { isBusy: false }): string[] {
  if (failures.length === 0) return [];
  const others = failures.length - maxFailures;
  const columns: Column<(typeof failures)[number]>[] = [
    ...customerColumns,
    { heading: 'subscription', value: 'subscriptionId', kind: 'id' },
    { heading: 'outcome', value: 'outcome' },
    { heading: 'reason', value: 'message', kind: 'text' },
  ];
  const table = formatTable(columns, failures.slice(0, maxFailures));
  return others > 0 ? [table, `and ${others} more, see \`--json\` or \`customers\``] : [table];
}

function toJson({ run, failures }: SnapshotResult & { isBusy: false }) {
  return {
    runId: run.runId,
    snapshotDate: run.snapshotDate,
    scope: run.scope,
    status: run.status,
    customers: {
      listed: run.customersListed,
      withUsage: run.customersWithUsage,
      withoutUsage: run.customersWithoutUsage,
      refused: run.customersRefused,
      failed: run.customersFailed,
      skipped: run.customersSkipped,
      remaining: run.customersRemaining,
    },
    subscriptions: { captured: run.subscriptionsCaptured, failed: run.subscriptionsFailed },
    requests: {
      total: run.requests,
      retries: run.retries,
      throttled: run.throttled,
      token: run.tokenRequests,
    },
    reconciliation: {
      customersOnlyInUsageRecords: run.customersOnlyInUsageRecords,
      costMismatches: run.costMismatches,
    },
    durationMs: run.durationMs,
    failures: failures.map((failure) => ({
      customerId: failure.customerId,
      customerName: failure.customerName,
      subscriptionId: failure.subscriptionId,
      outcome: failure.outcome,
      phase: failure.phase,
      status: failure.status,
      code: failure.code,
      message: failure.message,
      correlationId: failure.correlationId,
      requestId: failure.requestId,
    })),
  };
}
