import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { FieldReport } from './fieldReport.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import type { SignInWatch } from './signInWatch.ts';
import type { SnapshotContext } from './snapshotContext.ts';

/** Which list names a customer's usage subscriptions and plans. */
export type SubscriptionDiscovery = 'usagerecords' | 'subscriptions';

/** What every capture of a run has in common. */
export interface CaptureOptions {
  partnerCenter: PartnerCenter;
  discovery: SubscriptionDiscovery;
  /** Maximum of subscriptions of one customer asked for at a time. */
  concurrency: number;
  snapshotDate: string;
  runId: string;
  /** Collects the fields of answers that cannot be read. */
  fields: FieldReport;
  /** Notes which customers are served, and which are refused because of the sign-in. */
  signIn: SignInWatch;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The `capturedAt` of an answer that has just come. */
export function capturedNow({ now }: CaptureOptions): string {
  return new Date(now()).toISOString();
}

/** @param parts what the run's captures share */
export function createCaptureOptions(
  { snapshotDate, runId }: Pick<SnapshotRun, 'snapshotDate' | 'runId'>,
  { settings, clock }: Pick<SnapshotContext, 'settings' | 'clock'>,
  parts: Pick<CaptureOptions, 'partnerCenter' | 'fields' | 'signIn'>,
): CaptureOptions {
  const { discovery, concurrency } = settings;
  return { ...parts, discovery, concurrency, snapshotDate, runId, now: clock.now };
}
