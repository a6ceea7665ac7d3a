import { RefusedError, UnauthorizedError } from '../errors.ts';
import { isZero } from '../usage/amount.ts';
import { currencyOf } from '../usage/currency.ts';
import type { Customer } from '../usage/customer.ts';
import { figuresOf } from '../usage/usageFigures.ts';
import { type CustomerUsageRecord, namesCost } from '../usage/usageRecord.ts';
import type {
  CustomerSnapshot,
  Failure,
  SubscriptionSnapshot,
  UsageFigures,
} from '../usage/usageSnapshot.ts';
import type { UsageSummary } from '../usage/usageSummary.ts';
import { type CaptureOptions, capturedNow } from './captureOptions.ts';
import { captureSubscriptions } from './captureSubscriptions.ts';
import { failureOf, noUsageDataCode } from './failure.ts';

/** One customer's day. */
export interface Capture {
  customer: CustomerSnapshot;
  subscriptions: SubscriptionSnapshot[];
  /** Why the list of subscriptions could not be read to its end. */
  listFailure?: Failure;
  /** That the list is refused for this customer. */
  listRefusal?: Failure;
}

/** A customer's line in the usage records; an error where they could not be read. */
export type RecordOfCustomer = CustomerUsageRecord | Error | undefined;

/**
 * Asks for one customer's summary, its usage subscriptions and plans, and the summary of each.
 * What fails becomes part of the capture.
 *
 * @throws FatalError, and the reason of an abort: what concerns all customers
 */
export async function captureCustomer(
  customer: Customer,
  record: RecordOfCustomer,
  options: CaptureOptions,
): Promise<Capture> {
  const summary = await readSummary(customer.id, record, options);
  const row: CustomerSnapshot = {
    resource: 'customer',
    snapshotDate: options.snapshotDate,
    runId: options.runId,
    customerId: customer.id,
    customerName: customer.name,
    ...(customer.domain !== undefined && { customerDomain: customer.domain }),
    capturedAt: capturedNow(options),
    outcome: summary.outcome,
  };
  if (summary.outcome !== 'usage') {
    if (summary.failure) row.failure = summary.failure;
    if (summary.outcome === 'failed' && record && !(record instanceof Error)) {
      row.expectedCurrency = currencyOf(record, options.snapshotDate);
    }
    return { customer: row, subscriptions: [] };
  }
  // A list may leave out its name, which the summary has as well.
  if (customer.name.toLowerCase() === customer.id)
    row.customerName = summary.summary.name ?? customer.name;
  const named = { id: customer.id, name: row.customerName };
  row.figures = figuresOf(summary.summary, options.snapshotDate);
  row.raw = summary.summary.raw;
  const { subscriptions, refusal, ...list } = await captureSubscriptions(named, options);
  const isListEmpty = subscriptions.length === 0 && !refusal;
  const failure = isListEmpty ? judgeEmptyList(list.failure, row.figures) : list.failure;
  if (!failure && !refusal) row.subscriptionIds = subscriptions.map((each) => each.subscriptionId);
  return {
    customer: row,
    subscriptions,
    ...(failure && { listFailure: failure }),
    ...(refusal && { listRefusal: refusal }),
  };
}

/** An empty list, or "no usage data", is accepted only of a customer whose cost is 0. */
function judgeEmptyList(
  failure: Failure | undefined,
  { totalCost }: UsageFigures,
): Failure | undefined {
  if (failure && failure.code !== noUsageDataCode) return failure;
  return isZero(totalCost) ? undefined : (failure ?? unnamedCost);
}

const unnamedCost: Failure = {
  phase: 'subscriptions',
  code: 'EMPTY_LIST',
  message: 'a cost by the summary, no subscription by the list',
};

/**
 * The row of `UsageByDay`: `failed`, with the figures kept, when the summary was read and something
 * about the subscriptions was not. A list that stays refused is no failure: the row has outcome
 * `usage` and the refusal.
 */
export function dayRowOf(capture: Capture): CustomerSnapshot {
  const { customer, subscriptions, listFailure, listRefusal } = capture;
  const { raw: _raw, subscriptionIds: _ids, ...row } = customer;
  if (row.outcome !== 'usage') return row;
  const failure = listFailure ?? subscriptions.find((s) => s.outcome === 'failed')?.failure;
  if (failure) return { ...row, outcome: 'failed', failure };
  return listRefusal ? { ...row, failure: listRefusal } : row;
}

type SummaryReading =
  | { outcome: 'usage'; summary: UsageSummary }
  | { outcome: 'noUsage'; failure?: undefined }
  | { outcome: 'refused' | 'failed'; failure: Failure };

async function readSummary(
  customerId: string,
  record: RecordOfCustomer,
  { partnerCenter, fields, signIn }: CaptureOptions,
): Promise<SummaryReading> {
  try {
    const summary = await partnerCenter.getCustomerUsageSummary(customerId);
    signIn.noteServed();
    fields.note(customerId, summary?.unreadable);
    if (summary) return { outcome: 'usage', summary };
  } catch (error) {
    if (error instanceof UnauthorizedError) signIn.noteUnauthorized(customerId, error);
    const failure = failureOf('summary', error);
    return { outcome: error instanceof RefusedError ? 'refused' : 'failed', failure };
  }
  const failure = contradictionOf(record);
  return failure ? { outcome: 'failed', failure } : { outcome: 'noUsage' };
}

/**
 * Why a "no usage" is not accepted: a usage record names a cost. Where the records could not be
 * read it is accepted until a later run of the day can read them.
 */
function contradictionOf(record: RecordOfCustomer): Failure | undefined {
  if (record instanceof Error) return undefined;
  if (!record || !namesCost(record)) return undefined;
  return {
    phase: 'summary',
    code: noUsageDataCode,
    message: 'no usage data by the summary, a cost by customers/usagerecords',
  };
}
