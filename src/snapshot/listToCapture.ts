import type { Customer } from '../usage/customer.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { customerOf, isDone } from '../usage/usageSnapshot.ts';
import type { CustomerUsageRecords } from './customerUsageRecords.ts';
import type { DayLedger } from './dayLedger.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { reportUnreadable } from './unreadableRow.ts';

export interface ListToCaptureOptions {
  run: SnapshotRun;
  ledger: DayLedger;
  records: CustomerUsageRecords;
  partnerCenter: PartnerCenter;
  /** The customer list, for a run that is about all of it. */
  listed: AsyncIterable<Customer> | undefined;
  context: SnapshotContext;
  /** Aborted when everything under way is to be given up. */
  signal: AbortSignal;
}

/** The customers of a run: one, those with usage, or all. */
export function listToCapture(
  customerId: string | undefined,
  options: ListToCaptureOptions,
): AsyncGenerator<Customer> {
  const { ledger, records, partnerCenter, listed } = options;
  const { list } = ledger;
  if (customerId !== undefined) return list.one(customerId, partnerCenter, records);
  if (!listed) return list.withUsage(records);
  return list.all(listed, records, () => listBefore(options));
}

/** The customers of the last list that was read to its end, except those that are done today. */
async function* listBefore({
  run,
  ledger,
  context: { stores, events },
  signal,
}: ListToCaptureOptions): AsyncGenerator<Customer> {
  const date = ledger.earlier?.listDate;
  if (date === undefined || ledger.stoppedBy !== undefined) return;
  if (date === run.snapshotDate) {
    yield* ledger.undone;
    return;
  }
  try {
    const rows = stores.usageByDay.listDay(date, { onUnreadable: reportUnreadable(events) });
    for await (const row of rows) {
      const outcome = ledger.outcomeOf(row.customerId);
      if (outcome === undefined || !isDone(outcome)) yield customerOf(row);
    }
  } catch (error) {
    signal.throwIfAborted();
    ledger.list.noteIncomparable(date, error);
  }
}
