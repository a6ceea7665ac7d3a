import Big from 'big.js';
import type { BudgetAlert } from '../usage/budgetAlert.ts';
import { isDate } from '../usage/date.ts';

/** Names one row of a table. */
export interface RowKeys {
  partitionKey: string;
  rowKey: string;
}

/** Keys from the first to the last, both included. */
export interface KeyRange {
  from: string;
  to: string;
}

/** All dates that a snapshot can have. */
export const everyDate: KeyRange = { from: '0001-01-01', to: '9999-12-31' };

/** The partition of rows that belong to no customer. */
export const partnerPartition = 'partner';

/** Table Storage: a key holds at most 1,024 characters. */
const longestKey = 1_024;
/** Table Storage forbids `/ \ # ?` and control characters in keys; `|` separates our parts. */
const forbiddenInPart = /[/\\#?|\p{Cc}]/u;

/** The customer's partition of `UsageByCustomer`, and its row key in `UsageByDay`. */
export function customerKey(customerId: string): string {
  const key = idPart('customerId', customerId);
  if (key === partnerPartition) {
    throw new RangeError(
      `expected a customerId other than the partner's own partition, got ${key}`,
    );
  }
  return key;
}

/** The partition of a day. */
export function dateKey(date: string): string {
  if (!isDate(date)) throw new RangeError(`expected a date yyyy-MM-dd, got ${show(date)}`);
  return date;
}

export function runKey(runId: string): string {
  return checked('runId', runId);
}

/** The keys of one resource sort as its dates do. */
export function customerRowKey(date: string): string {
  return `customer|${dateKey(date)}`;
}

/** The keys of one resource sort as its dates do. */
export function subscriptionRowKey(subscriptionId: string, date: string): string {
  return withinLimit(`subscription|${idPart('subscriptionId', subscriptionId)}|${dateKey(date)}`);
}

/** The keys of one Azure subscription of a plan sort as its dates do. */
export function azureSubscriptionRowKey(
  subscriptionId: string,
  azureSubscriptionId: string,
  date: string,
): string {
  const ids = [
    idPart('subscriptionId', subscriptionId),
    idPart('azureSubscriptionId', azureSubscriptionId),
  ];
  return withinLimit([...ids, dateKey(date)].join('|'));
}

/** All Azure subscriptions of a plan: `}` is the character after `|`. */
export function detailedPlanRowRange(subscriptionId: string): KeyRange {
  const key = idPart('subscriptionId', subscriptionId);
  return { from: `${key}|`, to: `${key}}` };
}

/** An Azure subscription of a plan between two dates, both included. */
export function azureSubscriptionRowRange(
  subscriptionId: string,
  azureSubscriptionId: string,
  { from, to }: KeyRange,
): KeyRange {
  return {
    from: azureSubscriptionRowKey(subscriptionId, azureSubscriptionId, from),
    to: azureSubscriptionRowKey(subscriptionId, azureSubscriptionId, to),
  };
}

/** The blob with the records of a plan on a day. */
export function usageDetailsBlobName(
  customerId: string,
  subscriptionId: string,
  date: string,
): string {
  const plan = idPart('subscriptionId', subscriptionId);
  return `${customerKey(customerId)}/${plan}/${dateKey(date)}.ndjson.gz`;
}

/**
 * The date in such a name; `undefined` for any other name, also for one that as a path would lead
 * somewhere else.
 */
export function dateOfUsageDetails(blobName: string): string | undefined {
  const id = '[a-z0-9_-][a-z0-9._-]*';
  const [, date] = new RegExp(`^${id}/${id}/([^/]+)\\.ndjson\\.gz$`).exec(blobName) ?? [];
  return date !== undefined && isDate(date) ? date : undefined;
}

/** The keys of one resource sort as its dates do. */
export function partnerRowKey(date: string): string {
  return `partner|${dateKey(date)}`;
}

/** The keys of one currency sort as its dates do. */
export function totalRowKey(currency: string, date: string): string {
  return withinLimit(`total|${checked('currency', currency)}|${dateKey(date)}`);
}

/** An alert's key within its billing period: another budget value is another key. */
export function budgetAlertRowKey({
  customerId,
  kind,
  threshold,
  budgetAmount,
}: Pick<BudgetAlert, 'customerId' | 'kind' | 'threshold' | 'budgetAmount'>): string {
  const budget = new Big(budgetAmount).toFixed();
  return withinLimit(`${customerKey(customerId)}|${kind}|${threshold}|${budget}`);
}

/** All alerts of a customer: `}` is the character after `|`. */
export function budgetAlertRowRange(customerId: string): KeyRange {
  const key = customerKey(customerId);
  return { from: `${key}|`, to: `${key}}` };
}

/** A customer's own rows between two dates, both included. */
export function customerRowRange(from: string, to: string): KeyRange {
  return { from: customerRowKey(from), to: customerRowKey(to) };
}

/** A subscription's rows between two dates, both included. */
export function subscriptionRowRange(subscriptionId: string, from: string, to: string): KeyRange {
  return {
    from: subscriptionRowKey(subscriptionId, from),
    to: subscriptionRowKey(subscriptionId, to),
  };
}

/** The totals of all currencies and dates: `}` is the character after `|`. */
export const totalRowRange: KeyRange = { from: 'total|', to: 'total}' };

function idPart(what: string, id: string): string {
  return checked(what, id).toLowerCase();
}

function checked(what: string, part: string): string {
  if (part === '') throw new RangeError(`expected ${what} for a key, got an empty text`);
  if (forbiddenInPart.test(part)) {
    throw new RangeError(
      `expected ${what} without / \\ # ? | and control characters, got ${show(part)}`,
    );
  }
  if (!part.isWellFormed()) {
    throw new RangeError(`expected ${what} of whole Unicode characters, got ${show(part)}`);
  }
  return withinLimit(part);
}

function withinLimit(key: string): string {
  if (key.length > longestKey) {
    throw new RangeError(`expected a key of at most ${longestKey} characters, got ${key.length}`);
  }
  return key;
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

/** The partitions of all customers, of a table that has no others. */
export const customerPartitions: KeyRange = { from: ' ', to: '~' };

/** The one lease, in the table of runs. */
export const leaseKeys: RowKeys = { partitionKey: 'lease', rowKey: 'snapshot' };

/** A row next to it that is written only to get the service's time. */
export const clockKeys: RowKeys = { partitionKey: 'lease', rowKey: 'clock' };
