import { computePeriodEndsMs } from '../usage/billingPeriod.ts';
import { isKeptOver } from '../usage/sameDay.ts';
import {
  type CustomerSnapshot,
  type Failure,
  isDone,
  type SubscriptionSnapshot,
} from '../usage/usageSnapshot.ts';
import type { Capture } from './captureCustomer.ts';
import { noUsageDataCode } from './failure.ts';
import type { UsageByCustomerStore } from './snapshotStores.ts';

/** A customer's day, as it is kept. */
export interface MergedCapture {
  capture: Capture;
  /** Those rows of it that have to be written. */
  rows: (CustomerSnapshot | SubscriptionSnapshot)[];
  /** Whether the capture adds nothing, as the period is over and its figures were kept. */
  isPeriodOver: boolean;
}

/**
 * Merges a capture with the rows of an earlier run of the same date. Each row is decided on its own
 * (see {@link isKeptOver}): a customer's row can stay while rows of its subscriptions are replaced.
 * Rows that stay keep the `runId` of their run.
 */
export async function mergeCapture(
  fresh: Capture,
  store: UsageByCustomerStore,
): Promise<MergedCapture> {
  const { customerId, snapshotDate } = fresh.customer;
  const kept = await store.getCustomerSnapshot(customerId, snapshotDate);
  // The customer's row is written before or with its subscriptions': without it there are none.
  if (!kept) return unmerged(fresh);
  const { outcome, capturedAt } = fresh.customer;
  const isKept = isKeptOver(kept, fresh.customer);
  const isPeriodOver = isKept && isDone(outcome) && isOverAt(kept, capturedAt);
  // A customer without usage lists no subscriptions: those kept of the period that is over count.
  const ids = listed(fresh) ?? (isPeriodOver ? kept.subscriptionIds : undefined) ?? [];
  const earlier = new Map<string, SubscriptionSnapshot>();
  for (const one of await store.listSubscriptionSnapshots(customerId, ids, snapshotDate)) {
    earlier.set(one.subscriptionId, one);
  }
  const freshRows = fresh.subscriptions.filter((one) => {
    const other = earlier.get(one.subscriptionId);
    if (other && isKeptOver(other, one)) return false;
    earlier.set(one.subscriptionId, one);
    return true;
  });
  const row = isKept ? kept : withDomain(fresh.customer, kept);
  const customer = withAllIds(row, kept, fresh);
  const failure = isKept ? failureOf(fresh.customer, kept, isPeriodOver) : undefined;
  const capture: Capture = {
    ...fresh,
    customer,
    subscriptions: [...earlier.values()],
    ...(failure && { listFailure: failure }),
  };
  const isRowKept = customer === kept;
  return { capture, rows: isRowKept ? freshRows : [customer, ...freshRows], isPeriodOver };
}

export function unmerged(capture: Capture): MergedCapture {
  const rows = [capture.customer, ...capture.subscriptions];
  return { capture, rows, isPeriodOver: false };
}

/** The ids that a capture's own list of subscriptions named; undefined where it read no list. */
function listed({ customer, subscriptions }: Capture): string[] | undefined {
  if (customer.outcome !== 'usage') return undefined;
  return subscriptions.map((each) => each.subscriptionId);
}

/** The row with the domain that an earlier run of the date has read: not every run reads the list. */
function withDomain(row: CustomerSnapshot, { customerDomain }: CustomerSnapshot): CustomerSnapshot {
  return customerDomain === undefined ? row : { customerDomain, ...row };
}

/** A row with the ids of both, or the same object where that adds none. */
function withAllIds(row: CustomerSnapshot, kept: CustomerSnapshot, fresh: Capture) {
  if (!kept.subscriptionIds && !fresh.customer.subscriptionIds) return row;
  const ids = new Set([...(kept.subscriptionIds ?? []), ...(listed(fresh) ?? [])]);
  const own = row.subscriptionIds;
  if (own && own.length === ids.size) return row;
  return { ...row, subscriptionIds: [...ids].sort() };
}

/** Whether figures belong to a billing period that was over at an instant. */
function isOverAt({ figures }: CustomerSnapshot, instant: string): boolean {
  return (
    figures !== undefined && computePeriodEndsMs(figures).some((ms) => ms <= Date.parse(instant))
  );
}

/** Why a day is incomplete although its customer's row stays. */
function failureOf(
  { outcome, failure }: CustomerSnapshot,
  kept: CustomerSnapshot,
  isPeriodOver: boolean,
): Failure | undefined {
  if (outcome !== 'noUsage') return failure;
  if (!isPeriodOver) return contradiction;
  return kept.subscriptionIds === undefined ? unlistedPeriod : undefined;
}

const contradiction: Failure = {
  phase: 'summary',
  code: noUsageDataCode,
  message: 'no usage data by the summary, a cost earlier on the same day',
};
const unlistedPeriod: Failure = {
  phase: 'subscriptions',
  code: 'PERIOD_OVER',
  message: 'the billing period ended before its subscriptions could be listed',
};
