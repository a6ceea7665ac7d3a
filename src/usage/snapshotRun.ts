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
  /**
   * Whether it left nothing of the day to a later run: no cost, no total, nobody to tell. Absent
   * while it runs.
   */
  isSettled?: boolean;
  /** Why the run failed, what kept it from being complete, or what it left to the next one. */
  error?: string;
}
