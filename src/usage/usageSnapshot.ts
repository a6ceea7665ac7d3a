import type { Customer } from './customer.ts';
import { plans } from './plan.ts';
import { present } from './present.ts';
import { column, group, insteadOf, named, optional, type RowOf, word } from './rowShape.ts';

export const outcomes = ['usage', 'noUsage', 'refused', 'failed'] as const;

/**
 * The result of capturing one resource on one day.
 *
 * - `usage`: the summary was read
 * - `noUsage`: the API says that there is none, and the usage records agree
 * - `refused`: 403, 404 or 410, or code 3000 that says so, for this customer or subscription alone
 * - `failed`: anything else; the catch-up tries it again
 */
export type Outcome = (typeof outcomes)[number];

const ranks: Record<Outcome, number> = { usage: 3, noUsage: 2, refused: 1, failed: 0 };

/** Whether `one` has more information about the day than `other`. */
export function isBetterOutcome(one: Outcome, other: Outcome): boolean {
  return ranks[one] > ranks[other];
}

/** Whether a customer with that outcome needs no further run of the day. */
export function isDone(outcome: Outcome): boolean {
  return outcome === 'usage' || outcome === 'noUsage';
}

/** What went wrong with a capture. */
export const failureShape = {
  /** The step of the capture that failed. */
  phase: named(
    'errorPhase',
    word('summary', 'subscriptions', 'subscriptionSummary', 'usageRecords', 'store'),
  ),
  /** HTTP status; absent where no answer came. */
  status: optional(named('errorStatus', column.count)),
  code: named('errorCode', column.text),
  message: named('errorMessage', column.message),
  correlationId: optional(column.text),
  requestId: optional(column.text),
};

export type Failure = RowOf<typeof failureShape>;
export type FailurePhase = Failure['phase'];

/** The figures of a summary, as they are kept. */
export const figuresShape = {
  totalCost: column.amount,
  usdTotalCost: optional(column.amount),
  budgetAmount: optional(column.printedAmount),
  plan: word(...plans),
  /** ISO 4217, `XXX` where it is unknown. */
  currency: column.text,
  /** As sent. */
  currencyCode: optional(column.text),
  /** As sent. */
  currencyLocale: optional(column.text),
  /** Percent of the budget, 2 digits; absent without a budget. */
  percentUsed: optional(column.number),
  /** As sent, offset kept; absent with the end where the period is unknown. */
  billingStartDate: optional(column.text),
  /** As sent, offset kept. */
  billingEndDate: optional(column.text),
  /** As sent, offset kept. */
  lastModifiedDate: optional(column.text),
};

export type UsageFigures = RowOf<typeof figuresShape>;

const headShape = {
  /** The UTC date on which the run began, `yyyy-MM-dd`. */
  snapshotDate: column.date,
  /** ISO 8601, UTC: when the answer was received. */
  capturedAt: column.text,
  runId: column.text,
  outcome: word(...outcomes),
};

const resultShape = {
  /** Present exactly when there are figures: outcome `usage`, or a day's row kept as `failed`. */
  figures: optional(group(figuresShape)),
  failure: optional(group(failureShape)),
  /** The body as received. */
  raw: optional(column.body),
  /** Whether only its beginning is stored, as it exceeds a column. */
  isRawTruncated: optional(named('rawTruncated', column.flag)),
};

/** The partner's own summary on one day: legacy customers only. */
export const partnerSnapshotShape = {
  resource: word('partner'),
  ...headShape,
  ...resultShape,
};

/** One customer on one day. */
export const customerSnapshotShape = {
  resource: word('customer'),
  ...headShape,
  customerId: column.id,
  customerName: column.text,
  /** As the customer list names it; absent where that was not read, and in rows of earlier versions. */
  customerDomain: optional(column.text),
  /** Its usage subscriptions and plans that day; absent where the list could not be read. */
  subscriptionIds: optional(column.ids),
  ...resultShape,
  /** Only without figures: that of the usage record or of the last figures. ISO 4217. */
  expectedCurrency: optional(insteadOf('figures', named('currency', column.text))),
};

/** One subscription or plan on one day. */
export const subscriptionSnapshotShape = {
  resource: word('subscription'),
  ...headShape,
  customerId: column.id,
  customerName: column.text,
  subscriptionId: column.id,
  subscriptionName: column.text,
  subscriptionStatus: optional(column.text),
  partnerOnRecord: optional(column.text),
  offerId: optional(column.text),
  ...resultShape,
  /** Its line in the usage records, as received. */
  rawUsageRecord: optional(column.body),
};

export type PartnerSnapshot = RowOf<typeof partnerSnapshotShape>;
export type CustomerSnapshot = RowOf<typeof customerSnapshotShape>;
export type SubscriptionSnapshot = RowOf<typeof subscriptionSnapshotShape>;
export type UsageSnapshot = PartnerSnapshot | CustomerSnapshot | SubscriptionSnapshot;

/** The customer of a row, as the row names it. */
export function customerOf({
  customerId: id,
  customerName: name,
  customerDomain: domain,
}: Pick<CustomerSnapshot, 'customerId' | 'customerName' | 'customerDomain'>): Customer {
  return present({ id, name, domain });
}

/** A customer, or one of its subscriptions or plans. */
export interface ResourceId {
  customerId: string;
  subscriptionId?: string | undefined;
}
