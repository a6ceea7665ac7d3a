import type { RunTrigger } from '../usage/snapshotRun.ts';
import type { CustomerSnapshot } from '../usage/usageSnapshot.ts';

/** What a run is to do. */
export interface SnapshotRequest {
  trigger: RunTrigger;
  /** This customer alone; lower case. */
  customerId?: string;
  /**
   * Captures also customers that the day's ledger has as done: all, or those it returns true for.
   */
  isForced?: boolean | ((row: CustomerSnapshot) => boolean);
  /** An earlier deadline than that of the settings, in milliseconds since the epoch. */
  deadlineAtMs?: number;
  /** Leaves what lies below the plans to a later run of the day. */
  leavesDepth?: boolean;
  /** Waits while another run is at work. */
  isWaiting?: boolean;
  /** The process is to end: no customer is taken any more, the record is written within seconds. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** Listed so far. */
  customersListed: number;
  /** Whether these are all customers. */
  isListRead: boolean;
  /** Captured or skipped so far. */
  customersDone: number;
}
