/** What started a run. */
export type RunTrigger = 'timer' | 'catchUp' | 'closing' | 'cli';
/** Whom a run was asked to capture. */
export type RunScope = 'all' | 'customer';
export type RunStatus = 'running' | 'complete' | 'partial' | 'failed';

/** Whether a run has done all it was asked for: one of a single customer proves no whole day. */
export function isRunDone(run: SnapshotRun): boolean {
  if (run.scope === 'all') return run.status === 'complete';
  return run.status !== 'failed' && run.customersRemaining === 0 && run.customersFailed === 0;
}

/** Whether a day is as whole as it will get: complete, or but for customers that fail for good. */
export function isDayWhole({ scope, status, isSettled }: SnapshotRun): boolean {
  return scope === 'all' && (status === 'complete' || (status === 'partial' && isSettled === true));
}

/** One run: what it was asked for, how it ended, and its counts. */
export interface SnapshotRun {
  /** UTC date on which the run began, `yyyy-MM-dd`. */
  snapshotDate: string;
  /** Sorts by start time. */
  runId: string;
  partnerTenantId: string;
  trigger: RunTrigger;
  scope: RunScope;
  status: RunStatus;
  /** ISO 8601, UTC. */
  startedAt: string;
  /** ISO 8601, UTC; absent while it runs. */
  finishedAt?: string;
  durationMs?: number;
  /** Distinct ids of the customer list and of the usage records together. */
  customersListed: number;
  /** The next four: ledger rows of the date for the listed customers, read back from the table. */
  customersWithUsage: number;
  customersWithoutUsage: number;
  customersRefused: number;
  customersFailed: number;
  /** Listed customers that an earlier run of the day had done. */
  customersSkipped: number;
  /** Listed customers without a ledger row; absent where the list could not be read to its end. */
  customersRemaining?: number;
  subscriptionsCaptured: number;
  subscriptionsFailed: number;
  /** Requests to Partner Center, retries included. */
  requests: number;
  retries: number;
  /** Answers 429. */
  throttled: number;
  tokenRequests: number;
  customersOnlyInUsageRecords: number;
  /** Customers whose summary and usage record differ by more than max(1, 10 %). */
  costMismatches: number;
  /** Of the failed ones, those that failed on three recorded days or more; absent of an outage. */
  customersFailing?: number;
  /** Whether no cost, total or alert of the day is left to a later run. */
  isConcluded?: boolean;
  /**
   * Whether nothing of the day is left to do or to tell: it is concluded, and the run is complete,
   * or nobody is left but a few customers that fail for good. Absent while it runs.
   */
  isSettled?: boolean;
  /** Why the run failed, what kept it from being complete, or what it left to the next one. */
  error?: string;
}
