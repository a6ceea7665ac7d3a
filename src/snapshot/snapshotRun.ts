import { ConfigurationError } from '../errors.ts';
import type { Customer } from '../usage/customer.ts';
import { addDays } from '../usage/date.ts';
import type { RunTrigger, SnapshotRun } from '../usage/snapshotRun.ts';
import type { Outcome } from '../usage/usageSnapshot.ts';
import type { CaptureOptions } from './captureOptions.ts';
import { capturePartner } from './capturePartner.ts';
import { CustomerList } from './customerList.ts';
import { CustomerUsageRecords } from './customerUsageRecords.ts';
import { DayCapture, type RunFailure } from './dayCapture.ts';
import { DayWriter } from './dayWriter.ts';
import { forEachBounded } from './fanOut.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import { concludeRun, type EarlierRuns, newRun, readEarlierRuns } from './runRecord.ts';
import type { SnapshotContext } from './snapshotContext.ts';

export interface SnapshotRequest {
  trigger: RunTrigger;
  /** This customer alone; lower case. */
  customerId?: string;
  /** Captures also those that the day's ledger has as done. */
  isForced?: boolean;
  /** Ends the run: its requests are given up, its record is written. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** Listed so far. */
  customersListed: number;
  /** Whether that is everybody. */
  isListRead: boolean;
  /** Captured or skipped so far. */
  customersDone: number;
}

export interface SnapshotResult {
  run: SnapshotRun;
  /** The first 1,000. */
  failures: readonly RunFailure[];
}

/**
 * Takes the day's snapshot of all customers, or of one. What the day's ledger has as done is left
 * out, so that a run takes up where an earlier one of the same UTC date ended.
 *
 * What failed is in the result, in the run's record and in its event.
 *
 * @throws ConfigurationError when the one customer asked for is not the partner's
 */
export async function runSnapshot(
  request: SnapshotRequest,
  context: SnapshotContext,
): Promise<SnapshotResult> {
  const run = newRun(request, context);
  const job = new SnapshotJob(run, request, context);
  let error: unknown;
  try {
    await job.capture();
  } catch (thrown) {
    error = thrown;
  }
  await job.conclude(error);
  if (error instanceof ConfigurationError) throw error;
  return { run, failures: job.failures };
}

/** Open customers for each request in flight: some of them are waiting for the tables. */
const customersPerRequest = 2;

class SnapshotJob {
  readonly #run: SnapshotRun;
  readonly #request: SnapshotRequest;
  readonly #context: SnapshotContext;
  readonly #partnerCenter: PartnerCenter;
  readonly #signal: AbortSignal;
  readonly #list = new CustomerList();
  #earlier: EarlierRuns = { isRepeated: false };
  #day: DayCapture | undefined;
  #customersDone = 0;

  constructor(run: SnapshotRun, request: SnapshotRequest, context: SnapshotContext) {
    this.#run = run;
    this.#request = request;
    this.#context = context;
    this.#signal = request.signal ?? new AbortController().signal;
    this.#partnerCenter = context.connect(this.#signal);
  }

  get failures(): readonly RunFailure[] {
    return this.#day?.failures ?? [];
  }

  async capture(): Promise<void> {
    const { stores, clock, settings, events } = this.#context;
    const { snapshotDate, runId } = this.#run;
    await stores.ensureTables();
    await stores.snapshotRuns.upsert(this.#run);
    this.#earlier = await readEarlierRuns(this.#run, stores);
    const ledger = await this.#readLedger();
    const records = await CustomerUsageRecords.read(this.#partnerCenter);
    const options: CaptureOptions = {
      partnerCenter: this.#partnerCenter,
      discovery: settings.discovery,
      concurrency: settings.concurrency,
      snapshotDate,
      runId,
      now: clock.now,
    };
    const dayWriter = new DayWriter(stores.usageByDay, clock);
    this.#day = new DayCapture({
      capture: options,
      records,
      stores,
      dayWriter,
      events,
      ledger,
      isRepeated: this.#earlier.isRepeated,
      previousDate: addDays(snapshotDate, -1),
      signal: this.#signal,
    });
    try {
      await this.#captureCustomers(records, ledger, this.#day);
    } finally {
      await dayWriter.flush();
    }
    if (this.#run.scope === 'all') {
      await stores.usageByCustomer.upsertPartner(await capturePartner(options));
    }
  }

  async conclude(error: unknown): Promise<void> {
    Object.assign(this.#run, this.#partnerCenter.counts, this.#day?.counts);
    const conclusion = { list: this.#list, earlier: this.#earlier, error };
    await concludeRun(this.#run, conclusion, this.#context);
  }

  async #captureCustomers(
    records: CustomerUsageRecords,
    ledger: ReadonlyMap<string, Outcome>,
    day: DayCapture,
  ): Promise<void> {
    const bound = this.#context.settings.concurrency * customersPerRequest;
    await forEachBounded(this.#customers(records), bound, async (customer) => {
      const outcome = ledger.get(customer.id);
      const isDone = outcome === 'usage' || outcome === 'noUsage';
      if (isDone && !this.#request.isForced) this.#run.customersSkipped++;
      else await day.capture(customer);
      this.#customersDone++;
      this.#reportProgress();
    });
    await day.settleRefusals(this.#list.ids.size);
  }

  #customers(records: CustomerUsageRecords): AsyncGenerator<Customer> {
    const { customerId } = this.#request;
    if (customerId !== undefined) return this.#list.one(customerId, this.#partnerCenter, records);
    if (this.#context.settings.customers === 'usage') return this.#list.withUsage(records);
    return this.#list.all(this.#partnerCenter, records);
  }

  /** Who was captured on this date already, and with what outcome. */
  async #readLedger(): Promise<ReadonlyMap<string, Outcome>> {
    const ledger = new Map<string, Outcome>();
    if (!this.#earlier.isRepeated) return ledger;
    for await (const row of this.#context.stores.usageByDay.listDay(this.#run.snapshotDate)) {
      ledger.set(row.customerId, row.outcome);
    }
    return ledger;
  }

  #reportProgress(): void {
    this.#request.onProgress?.({
      customersListed: this.#list.ids.size,
      isListRead: this.#list.isRead,
      customersDone: this.#customersDone,
    });
  }
}
