import type { Customer } from '../usage/customer.ts';
import { addDays } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { Outcome } from '../usage/usageSnapshot.ts';
import type { CaptureOptions } from './captureOptions.ts';
import { capturePartner, keepPartner } from './capturePartner.ts';
import { CustomerList } from './customerList.ts';
import { CustomerUsageRecords } from './customerUsageRecords.ts';
import { DayAssessor } from './dayAssessor.ts';
import { DayCapture } from './dayCapture.ts';
import type { RunFailure } from './dayFailures.ts';
import { DayWriter } from './dayWriter.ts';
import { forEachBounded, runEach } from './fanOut.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import { type RunEnd, RunStoppedError } from './runEnd.ts';
import { concludeRun, type EarlierRuns, readEarlierRuns } from './runRecord.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import type { SnapshotRequest } from './snapshotRequest.ts';
import { tellOf } from './unreadableRow.ts';

/** Open customers for each request in flight: some of them are waiting for the tables. */
const customersPerRequest = 2;

/** The work of one run that holds the lease. */
export class SnapshotJob {
  readonly #run: SnapshotRun;
  readonly #request: SnapshotRequest;
  readonly #context: SnapshotContext;
  readonly #end: RunEnd;
  readonly #partnerCenter: PartnerCenter;
  readonly #list = new CustomerList();
  /** Outcomes of the date: those that were there, and those of this run. */
  readonly #ledger = new Map<string, Outcome>();
  /** Done customers that are captured once more. */
  readonly #again = new Set<string>();
  /** Customers with an anomaly on the date, and whether it was told. */
  readonly #anomalies = new Map<string, boolean>();
  #earlier: EarlierRuns | undefined;
  #day: DayCapture | undefined;
  #customersDone = 0;
  #stoppedBy: string | undefined;

  constructor(run: SnapshotRun, request: SnapshotRequest, context: SnapshotContext, end: RunEnd) {
    this.#run = run;
    this.#request = request;
    this.#context = context;
    this.#end = end;
    this.#partnerCenter = context.connect(end.signal);
  }

  get failures(): readonly RunFailure[] {
    return this.#day?.failures ?? [];
  }

  async capture(): Promise<void> {
    const { stores, clock, settings, events } = this.#context;
    const { snapshotDate, runId } = this.#run;
    await stores.snapshotRuns.upsert(this.#run);
    const earlier = await readEarlierRuns(this.#run, this.#context);
    this.#earlier = earlier;
    if (earlier.isRepeated) await this.#readLedger();
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
    const { signal } = this.#end;
    const { isFirstNight } = earlier;
    const assessor = new DayAssessor(this.#context, { isFirstNight, signal });
    this.#day = new DayCapture({
      capture: options,
      records,
      stores,
      dayWriter,
      assessor,
      events,
      ledger: this.#ledger,
      anomalies: this.#anomalies,
      isRepeated: earlier.isRepeated,
      previousDate: addDays(snapshotDate, -1),
      signal,
    });
    const day = this.#day;
    this.#end.beginCapture();
    await runEach([
      () => this.#captureCustomers(records, day),
      () => day.settleRefusals(this.#list.ids.size),
      () => dayWriter.flush(),
    ]);
    if (this.#run.scope === 'all' && this.#stoppedBy === undefined) {
      await keepPartner(await capturePartner(options), stores.usageByCustomer);
    }
  }

  /** @param error what {@link capture} threw */
  async conclude(error: unknown): Promise<void> {
    const isStopped = error instanceof RunStoppedError;
    Object.assign(this.#run, this.#partnerCenter.counts, this.#day?.counts);
    const conclusion = {
      list: this.#list,
      earlier: this.#earlier,
      ledger: this.#ledger,
      isTerminated: () => this.#end.isTerminated,
      signal: this.#end.signal,
      recapturesFailed: this.#day?.recapturesFailed ?? 0,
      isMassRefusalOfSubscriptions: this.#day?.isMassRefusalOfSubscriptions ?? false,
      stoppedBy: this.#stoppedBy ?? (isStopped ? error.reason : undefined),
      error: isStopped ? undefined : error,
    };
    await concludeRun(this.#run, conclusion, this.#context);
  }

  async #captureCustomers(records: CustomerUsageRecords, day: DayCapture): Promise<void> {
    const bound = this.#context.settings.concurrency * customersPerRequest;
    await forEachBounded(this.#customers(records), bound, async (customer) => {
      if (this.#isDone(customer, records)) {
        this.#run.customersSkipped++;
      } else {
        this.#stoppedBy ??= this.#end.reason;
        // Who is left is counted, so the list is read to its end.
        if (this.#stoppedBy !== undefined) return;
        await day.capture(customer);
      }
      this.#customersDone++;
      this.#reportProgress();
    });
  }

  #isDone({ id }: Customer, records: CustomerUsageRecords): boolean {
    const outcome = this.#ledger.get(id);
    // An earlier "no usage" was believed by the usage records of its own run alone.
    const isDone = outcome === 'usage' || (outcome === 'noUsage' && !records.nameCostOf(id));
    return isDone && this.#request.isForced !== true && !this.#again.has(id);
  }

  #customers(records: CustomerUsageRecords): AsyncGenerator<Customer> {
    const { customerId } = this.#request;
    if (customerId !== undefined) return this.#list.one(customerId, this.#partnerCenter, records);
    if (this.#context.settings.customers === 'usage') return this.#list.withUsage(records);
    return this.#list.all(this.#partnerCenter, records);
  }

  async #readLedger(): Promise<void> {
    const { isForced } = this.#request;
    const { stores, events } = this.#context;
    const rows = stores.usageByDay.listDay(this.#run.snapshotDate, {
      onUnreadable: tellOf(events),
    });
    for await (const row of rows) {
      this.#ledger.set(row.customerId, row.outcome);
      if (row.isAnomalyDelivered !== undefined) {
        this.#anomalies.set(row.customerId, row.isAnomalyDelivered);
      }
      if (typeof isForced === 'function' && isForced(row)) this.#again.add(row.customerId);
    }
  }

  #reportProgress(): void {
    this.#request.onProgress?.({
      customersListed: this.#list.ids.size,
      isListRead: this.#list.isRead,
      customersDone: this.#customersDone,
    });
  }
}
