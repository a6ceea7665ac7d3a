import { column, optional, type RowOf, word } from './rowShape.ts';

/** One run: its request, how it ended, and its counts. */
export const snapshotRunShape = {
  /** UTC date on which the run began, `yyyy-MM-dd`. */
  snapshotDate: column.date,
  /** Sorts by start time. */
  runId: column.id,
  partnerTenantId: column.text,
  /** What started it. */
  trigger: word('timer', 'catchUp', 'closing', 'cli'),
  /** Whether it was to capture all customers or one. */
  scope: word('all', 'customer'),
  status: word('running', 'complete', 'partial', 'failed'),
  /** ISO 8601, UTC. */
  startedAt: column.text,
  /** ISO 8601, UTC; absent while it runs. */
  finishedAt: optional(column.text),
  durationMs: optional(column.count),
  /** Distinct ids of the customer list and of the usage records together. */
  customersListed: column.count,
  /** The next four: ledger rows of the date for the listed customers, read back from the table. */
  customersWithUsage: column.count,
  customersWithoutUsage: column.count,
  customersRefused: column.count,
  customersFailed: column.count,
  /** Listed customers that an earlier run of the day had done. */
  customersSkipped: column.count,
  /** Listed customers without a ledger row; absent where the list could not be read to its end. */
  customersRemaining: optional(column.count),
  subscriptionsCaptured: column.count,
  subscriptionsFailed: column.count,
  /** Requests to Partner Center, retries included. */
  requests: column.count,
  retries: column.count,
  /** Answers 429. */
  throttled: column.count,
  tokenRequests: column.count,
  /** Age of the stored refresh token at the end; absent where it is not known. */
  refreshTokenAgeDays: optional(column.number),
  customersOnlyInUsageRecords: column.count,
  /** Customers whose summary and usage record differ by more than max(1, 10 %). */
  costMismatches: column.count,
  /** Of the failed ones, those that failed on three recorded days or more; absent in an outage. */
  customersFailing: optional(column.count),
  /** Plans whose Azure subscriptions and resources were captured; absent where none are to be. */
  depthCaptured: optional(column.count),
  depthFailed: optional(column.count),
  /**
   * Whether nothing below the plans is left to a later run of the day, except for a few plans that
   * fail for good. It says nothing about customers. Absent where none are to be captured.
   */
  isDepthDone: optional(column.flag),
  /** Whether no cost, total or alert of the day is left to a later run. */
  isConcluded: optional(column.flag),
  /**
   * Whether nothing of the day is left to do or to deliver: it is concluded, and the run is
   * complete except for a few customers that fail for good. Absent while it runs.
   */
  isSettled: optional(column.flag),
  /** Why the run failed, what kept it from being complete, or what it left to the next one. */
  error: optional(column.message),
};

export type SnapshotRun = RowOf<typeof snapshotRunShape>;
export type RunTrigger = SnapshotRun['trigger'];
export type RunStatus = SnapshotRun['status'];

/** Whether a run has captured all it was to capture: all customers, or the one of its request. */
export function isRunDone(run: SnapshotRun): boolean {
  if (run.scope === 'all') return run.status === 'complete';
  return run.status !== 'failed' && run.customersRemaining === 0 && run.customersFailed === 0;
}

/** Whether a day is complete, apart from customers that fail for good. */
export function isDayWhole({ scope, status, isSettled }: SnapshotRun): boolean {
  return scope === 'all' && (status === 'complete' || (status === 'partial' && isSettled === true));
}
