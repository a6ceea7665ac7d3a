import { ApiPausedError, FatalError } from '../errors.ts';
import type { Customer } from '../usage/customer.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import { isDone, type Outcome } from '../usage/usageSnapshot.ts';
import type { CaptureOptions } from './captureOptions.ts';
import { capturePartner, keepPartner } from './capturePartner.ts';
import { CustomerList } from './customerList.ts';
import { CustomerUsageRecords } from './customerUsageRecords.ts';
import { DayAssessor } from './dayAssessor.ts';
import { DayCapture } from './dayCapture.ts';
import type { RunFailure } from './dayFailures.ts';
import { DayWriter } from './dayWriter.ts';
import { EarlierDays } from './earlierDays.ts';
import { type EarlierRuns, readEarlierRuns } from './earlierRuns.ts';
import { forEachBounded, runEach } from './fanOut.ts';
import { FieldReport } from './fieldReport.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import { type RunEnd, RunStoppedError } from './runEnd.ts';
import { concludeRun } from './runRecord.ts';
import { SignInWatch } from './signInWatch.ts';
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
  /** Aborted when what is asked for is of no use any more, though rows may still be written. */
  readonly #stopAsking = new AbortController();
  readonly #partnerCenter: PartnerCenter;
  readonly #fields = new FieldReport();
  readonly #signIn = new SignInWatch();
  readonly #list = new CustomerList();
  /** Outcomes of the date: those that were there, and those of this run. */
  readonly #ledger = new Map<string, Outcome>();
  /** Customers with a row of the date that are to be asked again. */
  readonly #undone: Customer[] = [];
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
    const signal = AbortSignal.any([end.signal, this.#stopAsking.signal]);
    this.#partnerCenter = context.connect(signal, end.takesCustomersUntilMs);
  }

  get failures(): readonly RunFailure[] {
    return this.#day?.failures ?? [];
  }

  async capture(): Promise<void> {
    await this.#context.stores.snapshotRuns.upsert(this.#run);
    const earlier = await readEarlierRuns(this.#run, this.#context);
    this.#earlier = earlier;
    if (earlier.isRepeated) await this.#readLedger();
    try {
      await this.#captureDay(earlier);
    } catch (error) {
      // Nobody is to blame, and the next run goes on.
      if (!(error instanceof ApiPausedError)) throw error;
      this.#stoppedBy ??= error.message;
    } finally {
      this.#tellFields();
    }
  }

  async #captureDay(earlier: EarlierRuns): Promise<void> {
    const { stores, settings, clock } = this.#context;
    const options: CaptureOptions = {
      partnerCenter: this.#partnerCenter,
      discovery: settings.discovery,
      concurrency: settings.concurrency,
      snapshotDate: this.#run.snapshotDate,
      runId: this.#run.runId,
      fields: this.#fields,
      signIn: this.#signIn,
      now: clock.now,
    };
    const records = await CustomerUsageRecords.read(this.#partnerCenter, this.#fields);
    const dayWriter = new DayWriter(stores.usageByDay, clock);
    const day = this.#createDayCapture(options, { earlier, records, dayWriter });
    this.#day = day;
    const { ids } = this.#list;
    this.#end.beginCapture();
    await runEach([
      () => this.#captureCustomers(records, day),
      () => day.settleRefusals(ids.size),
      () => dayWriter.flush(),
      () => day.tellFailing(ids.size, earlier.isFailingTold),
    ]);
    if (this.#run.scope === 'all' && this.#stoppedBy === undefined) {
      await keepPartner(await capturePartner(options), stores.usageByCustomer);
    }
  }

  #createDayCapture(
    capture: CaptureOptions,
    parts: { earlier: EarlierRuns; records: CustomerUsageRecords; dayWriter: DayWriter },
  ): DayCapture {
    const { stores, events } = this.#context;
    const { isRepeated, isFirstNight, recordedDates } = parts.earlier;
    const { signal } = this.#end;
    return new DayCapture({
      capture,
      records: parts.records,
      stores,
      dayWriter: parts.dayWriter,
      assessor: new DayAssessor(this.#context, { isFirstNight, signal }),
      events,
      ledger: this.#ledger,
      anomalies: this.#anomalies,
      list: this.#list,
      isRepeated,
      earlierDays: new EarlierDays(recordedDates, stores.usageByDay),
      signal,
    });
  }

  #tellFields(): void {
    const { unfamiliarNoUsage } = this.#partnerCenter;
    this.#fields.emit(this.#context.events);
    if (unfamiliarNoUsage === 0) return;
    this.#context.events.emit('snapshot.field.unreadable', {
      field: 'description',
      customers: unfamiliarNoUsage,
      example: 'a text of code 3000 that is not known, taken for "no usage data"',
    });
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
      failing: this.#day?.failing ?? new Set(),
      stoppedBy: this.#stoppedBy ?? (isStopped ? error.reason : undefined),
      error: isStopped ? undefined : error,
      isCutOff: error !== undefined,
    };
    await concludeRun(this.#run, conclusion, this.#context);
  }

  async #captureCustomers(records: CustomerUsageRecords, day: DayCapture): Promise<void> {
    const bound = this.#context.settings.concurrency * customersPerRequest;
    const customers = this.#endingAll(this.#customers(records));
    await forEachBounded(customers, bound, async (customer) => {
      try {
        await this.#captureCustomer(customer, records, day);
      } catch (error) {
        this.#endAllBy(error);
        // Who is left is counted, so the list is read to its end.
        if (!(error instanceof ApiPausedError)) throw error;
        this.#stoppedBy ??= error.message;
      }
    });
    if (this.#stoppedBy === undefined) this.#signIn.checkAll(this.#list.ids.size);
  }

  async #captureCustomer(customer: Customer, records: CustomerUsageRecords, day: DayCapture) {
    if (this.#isDone(customer, records)) {
      this.#run.customersSkipped++;
    } else {
      this.#stoppedBy ??= this.#end.reason;
      if (this.#stoppedBy !== undefined) return;
      await day.capture(customer);
    }
    this.#customersDone++;
    this.#reportProgress();
  }

  /** Where nobody's request would fare better, the others end at once. */
  #endAllBy(error: unknown): void {
    const concernsAll = error instanceof FatalError || error instanceof ApiPausedError;
    if (concernsAll) this.#stopAsking.abort(error);
  }

  async *#endingAll<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      this.#endAllBy(error);
      throw error;
    }
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
    return this.#list.all(this.#partnerCenter, records, () => this.#listBefore());
  }

  /** The customers of the last list that was read to its end, but for those who are done today. */
  async *#listBefore(): AsyncGenerator<Customer> {
    const { stores, events } = this.#context;
    const date = this.#earlier?.listDate;
    if (date === undefined || this.#stoppedBy !== undefined) return;
    if (date === this.#run.snapshotDate) {
      yield* this.#undone;
      return;
    }
    try {
      const rows = stores.usageByDay.listDay(date, { onUnreadable: tellOf(events) });
      for await (const { customerId: id, customerName: name } of rows) {
        const outcome = this.#ledger.get(id);
        if (outcome === undefined || !isDone(outcome)) yield { id, name };
      }
    } catch (error) {
      this.#end.signal.throwIfAborted();
      this.#list.noteIncomparable(date, error);
    }
  }

  async #readLedger(): Promise<void> {
    const { isForced } = this.#request;
    const { stores, events } = this.#context;
    const rows = stores.usageByDay.listDay(this.#run.snapshotDate, {
      onUnreadable: tellOf(events),
    });
    for await (const row of rows) {
      const { customerId, customerName } = row;
      this.#ledger.set(customerId, row.outcome);
      if (!isDone(row.outcome)) this.#undone.push({ id: customerId, name: customerName });
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
