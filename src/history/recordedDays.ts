import { addUpDays } from '../usage/azureSubscriptionDays.ts';
import { restId } from '../usage/azureSubscriptionSnapshot.ts';
import type { CostSnapshot } from '../usage/dailyCost.ts';
import { addDays, type DateRange } from '../usage/date.ts';
import { daysBehindOutlook } from '../usage/knownSpend.ts';
import { present } from '../usage/present.ts';
import type { ResourceId } from '../usage/usageSnapshot.ts';
import type { HistoryContext } from './historyContext.ts';
import { orNoRow } from './orNoRow.ts';

/** An Azure subscription of a customer. */
export interface AzureSubscriptionId {
  customerId: string;
  /** A GUID in lower case, or what takes its place. */
  azureSubscriptionId: string;
}

/** What a history is of, with the names of its latest row. */
export interface HistoryHead {
  customerId: string;
  customerName: string;
  subscriptionId?: string;
  subscriptionName?: string;
  azureSubscriptionId?: string;
  azureSubscriptionName?: string;
}

/** The days of a range, and those before it that forecast and anomaly need. */
export interface RecordedDays {
  head: HistoryHead;
  /** The oldest first. */
  days: CostSnapshot[];
  /** That of the first row: days before it were not missed. */
  firstDate: string;
}

/** @returns undefined where the resource never had a row */
export async function readRecordedDays(
  { customerId, subscriptionId }: ResourceId,
  { from, to }: DateRange,
  { stores: { usageByCustomer }, onUnreadable }: HistoryContext,
): Promise<RecordedDays | undefined> {
  const wanted = { subscriptionId, from: addDays(from, -daysBehindOutlook), to };
  // A day that cannot be read is reported and counts as missing.
  const rows = usageByCustomer.listHistory(customerId, wanted, { onUnreadable });
  const days = await Array.fromAsync(rows);
  const [oldest] = days;
  // Finding an earlier row needs another read.
  const first =
    oldest && oldest.snapshotDate <= from
      ? oldest
      : await usageByCustomer.findSnapshot({ customerId, subscriptionId });
  const latest = days.at(-1) ?? first;
  if (first === undefined || latest === undefined) return undefined;
  const { customerName, subscriptionName } = latest;
  return {
    head: present({ customerId, customerName, subscriptionId, subscriptionName }),
    days,
    firstDate: first.snapshotDate,
  };
}

/** @returns undefined where the Azure subscription never had usage */
export async function readAzureSubscriptionDays(
  id: AzureSubscriptionId,
  { from, to }: DateRange,
  context: HistoryContext,
): Promise<RecordedDays | undefined> {
  const read = (range: DateRange) => listAzureSubscriptionDays(id, range, context);
  const days = await read({ from: addDays(from, -daysBehindOutlook), to });
  const [oldest] = days;
  const [first] =
    oldest && oldest.snapshotDate <= from ? days : await read({ from: '0001-01-01', to });
  if (first === undefined) return undefined;
  const latest = days.findLast(({ outcome }) => outcome === 'usage') ?? first;
  const { customerId, azureSubscriptionId } = id;
  const { usageByCustomer } = context.stores;
  const customer =
    (await orNoRow(usageByCustomer.getCustomerSnapshot(customerId, latest.snapshotDate))) ??
    (await usageByCustomer.findSnapshot({ customerId }));
  const { azureSubscriptionName } = latest;
  return {
    head: present({
      customerId,
      customerName: customer?.customerName ?? customerId,
      azureSubscriptionId,
      azureSubscriptionName,
    }),
    days,
    firstDate: first.snapshotDate,
  };
}

async function listAzureSubscriptionDays(
  { customerId, azureSubscriptionId }: AzureSubscriptionId,
  range: DateRange,
  { stores, onUnreadable }: HistoryContext,
) {
  const rows = [];
  const ids = [azureSubscriptionId, restId];
  const listed = stores.usageByAzureSubscription.list({ customerId, ...range }, { onUnreadable });
  for await (const row of listed) if (ids.includes(row.azureSubscriptionId)) rows.push(row);
  return addUpDays(rows, azureSubscriptionId);
}
