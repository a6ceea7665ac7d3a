import type { Outcome, ResourceId } from '../usage/usageSnapshot.ts';
import { findDay } from './day.ts';
import type { HistoryContext } from './historyContext.ts';
import { orNoRow } from './orNoRow.ts';

export type RawSummaryQuery = ResourceId & {
  /** Default: the latest day with a complete run. */
  date?: string | undefined;
};

/** What is kept of the body of a usage summary on a day. */
export interface RawSummary {
  date: string;
  /** `missing` on a day without a row. */
  outcome: Outcome | 'missing';
  /** As received; absent without figures. */
  body?: string | undefined;
  /** Whether only its beginning was stored. */
  isTruncated: boolean;
}

/** @returns undefined where the customer or subscription never had a row */
export async function readRawSummary(
  { date: asked, ...resource }: RawSummaryQuery,
  context: HistoryContext,
): Promise<RawSummary | undefined> {
  const date = asked ?? (await findDay(undefined, context)).date;
  const row = await findRow(resource, date, context);
  if (row !== undefined) {
    const { outcome, raw: body, isRawTruncated = false } = row;
    return { date, outcome, body, isTruncated: isRawTruncated && !isJson(body) };
  }
  const earlier = await context.stores.usageByCustomer.findSnapshot(resource);
  return earlier && { date, outcome: 'missing', isTruncated: false };
}

function findRow(
  { customerId, subscriptionId }: ResourceId,
  date: string,
  { stores: { usageByCustomer } }: HistoryContext,
) {
  if (subscriptionId === undefined) {
    return orNoRow(usageByCustomer.getCustomerSnapshot(customerId, date));
  }
  const rows = usageByCustomer.listSubscriptionSnapshots(customerId, [subscriptionId], date);
  return orNoRow(rows.then(([row]) => row));
}

/** A row is also marked as truncated for its usage record, beside a whole body. */
function isJson(text = ''): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // A SyntaxError, the only error of this function.
    return false;
  }
}
