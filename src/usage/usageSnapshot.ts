import type { Amount } from './amount.ts';
import type { Plan } from './plan.ts';

/**
 * What came of one resource on one day.
 *
 * - `usage`: the summary was read
 * - `noUsage`: the API says that there is none, and the usage records agree
 * - `refused`: 403, 404 or 410, or code 3000 that says so, for this customer or subscription alone
 * - `failed`: anything else; the catch-up takes it up again
 */
export type Outcome = 'usage' | 'noUsage' | 'refused' | 'failed';

const ranks: Record<Outcome, number> = { usage: 3, noUsage: 2, refused: 1, failed: 0 };

/** Whether `one` says more of the day than `other`. */
export function isBetterOutcome(one: Outcome, other: Outcome): boolean {
  return ranks[one] > ranks[other];
}

/** Whether a customer with that outcome needs no more of the day's runs. */
export function isDone(outcome: Outcome): boolean {
  return outcome === 'usage' || outcome === 'noUsage';
}

/** The step of a capture that failed. */
export type FailurePhase =
  | 'summary'
  | 'subscriptions'
  | 'subscriptionSummary'
  | 'usageRecords'
  | 'store';

export interface Failure {
  phase: FailurePhase;
  /** HTTP status; absent where no answer came. */
  status?: number;
  code: string;
  message: string;
  correlationId?: string;
  requestId?: string;
}

/** The figures of a summary, as they are kept. */
export interface UsageFigures {
  plan: Plan;
  totalCost: Amount;
  usdTotalCost?: Amount;
  /** ISO 4217, `XXX` where it cannot be told. */
  currency: string;
  /** As sent. */
  currencyCode?: string;
  /** As sent. */
  currencyLocale?: string;
  budgetAmount?: Amount;
  /** Percent of the budget, 2 digits; absent without a budget. */
  percentUsed?: number;
  /** As sent, offset kept; absent with the end where the period is unknown. */
  billingStartDate?: string;
  /** As sent, offset kept. */
  billingEndDate?: string;
  /** As sent, offset kept. */
  lastModifiedDate?: string;
}

interface SnapshotBase {
  /** The UTC date on which the run began, `yyyy-MM-dd`. */
  snapshotDate: string;
  /** ISO 8601, UTC: when the answer was here. */
  capturedAt: string;
  runId: string;
  outcome: Outcome;
  /** Present exactly when there are figures: outcome `usage`, or a day's row kept as `failed`. */
  figures?: UsageFigures;
  failure?: Failure;
  /** The body as received. */
  raw?: string;
  /** Whether that is only its beginning, as more than a column holds. */
  isRawTruncated?: boolean;
}

/** The partner's own summary on one day: legacy customers only. */
export interface PartnerSnapshot extends SnapshotBase {
  resource: 'partner';
}

/** One customer on one day. */
export interface CustomerSnapshot extends SnapshotBase {
  resource: 'customer';
  customerId: string;
  customerName: string;
  /** Its usage subscriptions and plans that day; absent where the list could not be read. */
  subscriptionIds?: string[];
  /** Of a customer without figures: by its usage record, or by its last figures. ISO 4217. */
  expectedCurrency?: string;
}

/** One subscription or plan on one day. */
export interface SubscriptionSnapshot extends SnapshotBase {
  resource: 'subscription';
  customerId: string;
  customerName: string;
  subscriptionId: string;
  subscriptionName: string;
  subscriptionStatus?: string;
  partnerOnRecord?: string;
  offerId?: string;
  /** Its line in the usage records, as received. */
  rawUsageRecord?: string;
}

export type UsageSnapshot = PartnerSnapshot | CustomerSnapshot | SubscriptionSnapshot;
