import { ApiPausedError, FatalError } from '../errors.ts';
import { forEachBounded } from '../forEachBounded.ts';
import type { Customer } from '../usage/customer.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { Capture } from './captureCustomer.ts';
import { type CaptureOptions, createCaptureOptions } from './captureOptions.ts';
import { keepPartner } from './capturePartner.ts';
import { CaptureWriter } from './captureWriter.ts';
import { DayAssessor } from './dayAssessor.ts';
import { captureListed, type DayCaptureOptions } from './dayCapture.ts';
import { DayFailures, type RunFailure } from './dayFailures.ts';
import { DayLedger } from './dayLedger.ts';
import { DayWriter } from './dayWriter.ts';
import { EarlierDays } from './earlierDays.ts';
import { type EarlierRuns, readEarlierRuns } from './earlierRuns.ts';
import { runEach } from './fanOut.ts';
import { FieldReport } from './fieldReport.ts';
import { finalizeRun } from './finalizeRun.ts';
import { type FirstRequests, sendFirstRequests } from './firstRequests.ts';
import { listToCapture } from './listToCapture.ts';
import type { PartnerCenter } from './partnerCenter.ts';
import { SignInWatch } from './signInWatch.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import type { SnapshotRequest } from './snapshotRequest.ts';
import type { StopPolicy } from './stopPolicy.ts';
import { reportUnreadable } from './unreadableRow.ts';
import { maxUnwritten, WriteQueue } from './writeQueue.ts';

/** Customers being captured for each request in flight: a customer may have none for a moment. */
const customersPerRequest = 2;

/** The two stages that a customer goes through. */
interface Stages {
  capture: DayCaptureOptions;
  queue: WriteQueue<Capture>;
}

/** The work of one run that holds the lease. */
export class SnapshotJob {
  readonly #run: SnapshotRun;
  readonly #request: SnapshotRequest;
  readonly #context: SnapshotContext;
  readonly #end: StopPolicy;
  readonly #ledger: DayLedger;
  /** Aborted when no more requests are to be sent; rows may still be written. */
  readonly #stopAsking = new AbortController();
  readonly #partnerCenter: PartnerCenter;
  readonly #fields = new FieldReport();
  readonly #signIn = new SignInWatch();
  #failures: DayFailures | undefined;
  #customersDone = 0;

  constructor(
    run: SnapshotRun,
    request: SnapshotRequest,
    context: SnapshotContext,
    end: StopPolicy,
  ) {
    this.#run = run;
    this.#request = request;
    this.#context = context;
    this.#end = end;
    this.#ledger = new DayLedger(run.runId);
    const signal = AbortSignal.any([end.signal, this.#stopAsking.signal]);
    this.#partnerCenter = context.connect(signal, end.takesCustomersUntilMs);
  }

  get failures(): readonly RunFailure[] {
    return this.#failures?.list ?? [];
  }

  async capture(): Promise<void> {
    await this.#context.stores.snapshotRuns.upsert(this.#run);
    const options = createCaptureOptions(this.#run, this.#context, {
      partnerCenter: this.#partnerCenter,
      fields: this.#fields,
      signIn: this.#signIn,
    });
    const first = sendFirstRequests(options, this.#run, this.#context.settings);
    try {
      const earlier = await readEarlierRuns(this.#run, this.#context);
      this.#ledger.earlier = earlier;
      if (earlier.isRepeated) await this.#readLedger();
      await this.#captureDay(earlier, options, first);
    } catch (error) {
      this.#stopIfPaused(error);
    } finally {
      this.#stopAsking.abort(new Error('the capture has ended'));
      await first.ended;
      const { unfamiliarNoUsage } = this.#partnerCenter;
      this.#fields.emit(this.#context.events, { unfamiliarNoUsage });
    }
  }

  /** @param error what {@link capture} threw */
  async finalize(error: unknown): Promise<void> {
    const { refreshTokenAgeDays, correlationId, counts } = this.#partnerCenter;
    Object.assign(this.#run, counts, { refreshTokenAgeDays });
    const parts = { run: this.#run, ledger: this.#ledger, end: this.#end, correlationId };
    const { leavesDepth = false } = this.#request;
    await finalizeRun({ ...parts, leavesDepth, error }, this.#context);
  }

  async #captureDay(
    earlier: EarlierRuns,
    options: CaptureOptions,
    first: FirstRequests,
  ): Promise<void> {
    const { stores, settings, clock, events } = this.#context;
    const { snapshotDate } = this.#run;
    const ledger = this.#ledger;
    const earlierDays = new EarlierDays(earlier.recordedDates, stores.usageByDay);
    const failures = new DayFailures({ events, ledger, earlierDays, snapshotDate });
    this.#failures = failures;
    const records = await first.records;
    const dayWriter = new DayWriter(stores.usageByDay, clock, () => this.#end.isTerminated);
    const { isRepeated, isFirstNight } = earlier;
    const { signal } = this.#end;
    const writer = new CaptureWriter({
      ledger,
      failures,
      assessor: new DayAssessor(this.#context, { isFirstNight, signal }),
      usageByCustomer: stores.usageByCustomer,
      dayWriter,
      earlierDays,
      isRepeated,
      concurrency: settings.concurrency,
      signal,
    });
    this.#end.beginCapture();
    await runEach([
      () =>
        this.#captureCustomers(first.listed, {
          capture: { capture: options, records, failures, ledger },
          queue: this.#createQueue(writer),
        }),
      () => writer.writeRefusals(),
      () => dayWriter.flush(),
      () => failures.reportFailing(earlier.isFailingReported),
    ]);
    if (first.partner && ledger.stoppedBy === undefined) {
      await keepPartner(await first.partner, stores.usageByCustomer);
    }
  }

  async #captureCustomers(
    listed: AsyncIterable<Customer> | undefined,
    stages: Stages,
  ): Promise<void> {
    const ledger = this.#ledger;
    const bound = this.#context.settings.concurrency * customersPerRequest;
    const customers = listToCapture(this.#request.customerId, {
      run: this.#run,
      ledger,
      records: stages.capture.records,
      partnerCenter: this.#partnerCenter,
      listed,
      context: this.#context,
      signal: this.#end.signal,
    });
    const captureAll = () =>
      forEachBounded(this.#endingAll(customers), bound, async (customer) => {
        try {
          await this.#captureCustomer(customer, stages);
        } catch (error) {
          this.#endAllBy(error);
          // The list is read to its end, to count the remaining customers.
          this.#stopIfPaused(error);
        }
      });
    await runEach([captureAll, () => stages.queue.drain()]);
    if (ledger.stoppedBy === undefined) this.#signIn.checkAll(ledger.list.ids.size);
  }

  #createQueue(writer: CaptureWriter): WriteQueue<Capture> {
    const { clock, settings } = this.#context;
    return new WriteQueue({
      write: async (capture) => {
        await writer.write(capture);
        this.#noteDone();
      },
      limit: () => maxUnwritten(settings.concurrency, clock.now()),
      clock,
    });
  }

  async #captureCustomer(customer: Customer, { capture, queue }: Stages): Promise<void> {
    const { ledger, records } = capture;
    const isSkipped =
      this.#request.isForced !== true &&
      ledger.isSkipped(customer.id, records.nameCostOf(customer.id));
    if (isSkipped) {
      records.take(customer.id);
      this.#run.customersSkipped++;
      this.#noteDone();
      return;
    }
    await queue.waitForTables();
    ledger.stoppedBy ??= this.#end.reason;
    if (ledger.stoppedBy !== undefined) return;
    const captured = await captureListed(customer, capture);
    if (captured) await queue.add(captured);
    else this.#noteDone();
  }

  /** A pause that outlasts the run stops it without an error; the next run goes on. */
  #stopIfPaused(error: unknown): void {
    if (!(error instanceof ApiPausedError)) throw error;
    this.#ledger.stoppedBy ??= error.message;
  }

  /** Aborts all other requests where they would fail as well. */
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

  async #readLedger(): Promise<void> {
    const { isForced } = this.#request;
    const { stores, events } = this.#context;
    const rows = stores.usageByDay.listDay(this.#run.snapshotDate, {
      onUnreadable: reportUnreadable(events),
    });
    for await (const row of rows) {
      this.#ledger.addRecorded(row, typeof isForced === 'function' && isForced(row));
    }
  }

  #noteDone(): void {
    this.#customersDone++;
    const { list } = this.#ledger;
    this.#request.onProgress?.({
      customersListed: list.ids.size,
      isListRead: list.isRead,
      customersDone: this.#customersDone,
    });
  }
}
