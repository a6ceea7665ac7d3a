import type { RunTrigger } from '../usage/snapshotRun.ts';
import type { CustomerSnapshot } from '../usage/usageSnapshot.ts';

/** What a run is asked for. */
export interface SnapshotRequest {
  trigger: RunTrigger;
  /** This customer alone; lower case. */
  customerId?: string;
  /** Captures also those that the day's ledger has as done: all of them, or those it is true of. */
  isForced?: boolean | ((row: CustomerSnapshot) => boolean);
  /** No customer is taken after this instant, in milliseconds since the epoch, if it comes first. */
  deadlineAtMs?: number;
  /** Waits while another run is at work. */
  isWaiting?: boolean;
  /** The process is to end: no customer is taken any more, the record is written within seconds. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** Listed so far. */
  customersListed: number;
  /** Whether that is everybody. */
  isListRead: boolean;
  /** Captured or skipped so far. */
  customersDone: number;
}
