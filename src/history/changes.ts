import type { Amount } from '../usage/amount.ts';
import type { AzureSubscriptionSnapshot } from '../usage/azureSubscriptionSnapshot.ts';
import { type Change, type ChangeLevel, ChangeSums, computeUnexplained } from '../usage/changes.ts';
import {
  type ChangeDays,
  type ComparedPlan,
  comparePlans,
  costOfRecord,
  costOfRow,
  daysOfChange,
  type RecordedPart,
} from '../usage/comparedPlans.ts';
import { addDays } from '../usage/date.ts';
import { costCurrencyOf } from '../usage/ledgerRow.ts';
import { type Comparison, compareCosts, comparedDateOf } from '../usage/movement.ts';
import { present } from '../usage/present.ts';
import { readResourceRecord } from '../usage/resourceRecord.ts';
import { findDay, isWhole } from './day.ts';
import type { HistoryContext } from './historyContext.ts';
import { orNoRow } from './orNoRow.ts';
import { readPlanTotal } from './planTotal.ts';

export interface ChangesQuery {
  customerId: string;
  /** Default: the latest day with a complete run. */
  date?: string | undefined;
  against: Comparison;
  /** Default: by resource where the records are kept, else by Azure subscription. */
  by?: ChangeLevel | undefined;
}

/** What a change of a customer's cost consists of. */
export interface CustomerChanges {
  customerId: string;
  date: string;
  against: Comparison;
  /** ISO 4217; null where nothing is known. */
  currency: string | null;
  /** As the movers have them; null where nothing is known, or nothing can be compared. */
  before: Amount | null;
  after: Amount | null;
  change: Amount | null;
  /** The largest first, up or down; with `unexplained` they add up to `change`. */
  items: Change[];
  unexplained: Amount | null;
}

/** @returns undefined where the customer never had a row */
export async function readChanges(
  query: ChangesQuery,
  context: HistoryContext,
): Promise<CustomerChanges | undefined> {
  const { customerId, against, by } = query;
  const day = await findDay(query.date, context);
  const { date } = day;
  const beforeDate = comparedDateOf(date, against);
  const { usageByDay, usageByCustomer } = context.stores;
  const [before, after, isBeforeWhole] = await Promise.all([
    orNoRow(usageByDay.getDay(beforeDate, customerId)),
    orNoRow(usageByDay.getDay(date, customerId)),
    isWhole(beforeDate, context),
  ]);
  if (!before && !after && !(await usageByCustomer.findSnapshot({ customerId }))) return undefined;
  const days = { ...day, against, beforeDate, isBeforeWhole };
  // Where the currency changed, it has vanished in one and is new in the other, which is the last.
  const movement = compareCosts(before, after, days).at(-1);
  const known = after ?? before;
  const head = {
    ...{ customerId, date, against },
    currency: movement?.currency ?? (known && costCurrencyOf(known)) ?? null,
    before: movement?.before ?? null,
    after: movement?.after ?? null,
    change: movement?.change ?? null,
  };
  if (!movement || head.change === null) return { ...head, items: [], unexplained: null };
  const ofChange = { against, date, beforeDate, currency: movement.currency };
  const items = await readParts(customerId, ofChange, by, context);
  return { ...head, items, unexplained: computeUnexplained(head.change, items) };
}

async function readParts(
  customerId: string,
  days: ChangeDays,
  by: ChangeLevel | undefined,
  context: HistoryContext,
): Promise<Change[]> {
  const rows = await readRows(customerId, days, context);
  const plans = await comparePlans(rows, days, (subscriptionId, date) =>
    readPlanTotal({ customerId, subscriptionId, date }, context),
  );
  if (by !== 'azureSubscription') {
    const sums = new ChangeSums(by ?? 'resource');
    const read: boolean[] = [];
    for (const plan of plans) read.push(await addRecords(plan, { customerId, sums }, context));
    if (by !== undefined || read.every((isThere) => isThere)) return sums.listChanges();
  }
  const sums = new ChangeSums('azureSubscription');
  for (const { before, after } of plans) {
    for (const row of after) sums.add(placeOf(row), { after: costOfRow(row, days) });
    for (const row of before) sums.add(placeOf(row), { before: costOfRow(row, days) });
  }
  return sums.listChanges();
}

async function readRows(
  customerId: string,
  days: ChangeDays,
  { stores, onUnreadable }: HistoryContext,
): Promise<AzureSubscriptionSnapshot[]> {
  const range = { from: addDays(days.beforeDate, -1), to: days.date };
  const dates = daysOfChange(days);
  const found: AzureSubscriptionSnapshot[] = [];
  const rows = stores.usageByAzureSubscription.list({ customerId, ...range }, { onUnreadable });
  for await (const row of rows) if (dates.includes(row.snapshotDate)) found.push(row);
  return found;
}

function placeOf({ azureSubscriptionId, azureSubscriptionName }: AzureSubscriptionSnapshot) {
  return present({ azureSubscriptionId, azureSubscriptionName });
}

/** @returns false where records of one of the days are not kept: then none of the plan are added */
async function addRecords(
  plan: ComparedPlan,
  { customerId, sums }: { customerId: string; sums: ChangeSums },
  { stores: { usageDetails } }: HistoryContext,
): Promise<boolean> {
  const { subscriptionId } = plan;
  const parts: { part: RecordedPart; lines: AsyncIterable<string> }[] = [];
  for (const part of plan.records) {
    const day = { customerId, subscriptionId, snapshotDate: part.date };
    const lines = await usageDetails.readLines(day);
    if (lines === undefined) return false;
    parts.push({ part, lines });
  }
  const names = new Map(
    [...plan.before, ...plan.after].map((row) => [row.azureSubscriptionId, placeOf(row)]),
  );
  for (const { part, lines } of parts) {
    for await (const line of lines) {
      const record = readResourceRecord(line, plan);
      if (!record) continue;
      const { totalCost, ...place } = record;
      const named = { ...place, ...names.get(place.azureSubscriptionId) };
      sums.add(named, costOfRecord(totalCost, part));
    }
  }
  return true;
}
