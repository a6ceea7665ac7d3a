import { messageOf } from '../errors.ts';
import { forEachBounded } from '../forEachBounded.ts';
import type { CustomerSnapshot, Failure } from '../usage/usageSnapshot.ts';
import { type Capture, dayRowOf } from './captureCustomer.ts';
import type { DayAssessor } from './dayAssessor.ts';
import { DayEntries, type Entry } from './dayEntries.ts';
import type { DayFailures } from './dayFailures.ts';
import type { DayLedger } from './dayLedger.ts';
import type { DayWriter } from './dayWriter.ts';
import type { EarlierDays } from './earlierDays.ts';
import { runEach } from './fanOut.ts';
import { mergeCapture, unmerged } from './mergeCapture.ts';
import { findMassRefusals, type Refusal } from './refusals.ts';
import type { UsageByCustomerStore } from './snapshotStores.ts';

export interface CaptureWriterOptions {
  ledger: DayLedger;
  failures: DayFailures;
  assessor: DayAssessor;
  usageByCustomer: UsageByCustomerStore;
  dayWriter: DayWriter;
  /** To distinguish new failures from lasting ones. */
  earlierDays: EarlierDays;
  /** Whether an earlier run of the date may have written rows. */
  isRepeated: boolean;
  /** Maximum of refused customers written at a time. */
  concurrency: number;
  /** Aborted when nothing may be written any more. */
  signal: AbortSignal;
}

/** Stores captured customers: their own rows, then the row of the day. */
export class CaptureWriter {
  readonly #options: CaptureWriterOptions;
  readonly #entries: DayEntries;
  /** Refused customers: nothing of them is written until it is known how many there are. */
  readonly #refusals: (Refusal & { capture: Capture })[] = [];
  /** Customers with forbidden subscriptions: all their rows but that of the day are written. */
  readonly #partlyForbidden: (Refusal & { entry: Entry })[] = [];

  constructor(options: CaptureWriterOptions) {
    this.#options = options;
    this.#entries = new DayEntries(options);
  }

  /**
   * Writes one customer. A refusal waits for {@link writeRefusals}, with the row of the day.
   *
   * @throws what the day's table threw
   */
  async write(capture: Capture): Promise<void> {
    const { customerId, outcome, failure } = capture.customer;
    if (outcome === 'refused' && failure) {
      this.#refusals.push({ customerId, failure, count: 1, capture });
    } else {
      await this.#write(capture, false);
    }
  }

  /**
   * Writes the refused customers, and the rows of the day of those with subscriptions that are
   * forbidden: as failed where they are too many to be single refusals, so that they are asked
   * again. Both kinds are written even if writing the other fails.
   */
  async writeRefusals(): Promise<void> {
    await runEach([() => this.#writeRefused(), () => this.#enterForbidden()]);
  }

  async #writeRefused(): Promise<void> {
    const { concurrency, earlierDays, ledger } = this.#options;
    const refusals = this.#refusals.splice(0);
    const listed = ledger.list.ids.size;
    const isMajorityServed = ledger.isMajorityServed(listed);
    const mass = await findMassRefusals(refusals, listed, isMajorityServed, earlierDays);
    await forEachBounded(refusals, concurrency, async (refusal) => {
      if (mass.has(refusal)) refusal.capture.customer.outcome = 'failed';
      await this.#write(refusal.capture, true);
    });
  }

  async #enterForbidden(): Promise<void> {
    const { earlierDays, ledger } = this.#options;
    const forbidden = this.#partlyForbidden.splice(0);
    const isMajorityServed = ledger.isMajorityServed(ledger.list.ids.size - forbidden.length);
    const { asked } = ledger.subscriptions;
    const mass = await findMassRefusals(forbidden, asked, isMajorityServed, earlierDays);
    ledger.isRightLost = mass.size > 0;
    for (const each of forbidden) {
      const { entry } = each;
      const failure = entry.day.failure ?? each.failure;
      if (mass.has(each)) entry.day = { ...entry.day, outcome: 'failed', failure };
      // By this failure the next days recognise a lasting refusal.
      else entry.day = { ...entry.day, failure };
      await this.#entries.enter(entry);
    }
  }

  async #write(captured: Capture, isRefusal: boolean): Promise<void> {
    const { usageByCustomer, assessor, isRepeated, signal, ledger, failures } = this.#options;
    const outcome = dayRowOf(captured).outcome;
    const ownOutcome = captured.customer.outcome;
    let entry: Entry;
    let forbidden: Refusal | undefined;
    try {
      const { capture, rows, isPeriodOver } = isRepeated
        ? await mergeCapture(captured, usageByCustomer)
        : unmerged(captured);
      if (rows.length > 0) await usageByCustomer.upsertCustomer(rows);
      forbidden = ledger.subscriptions.count(capture);
      const finding = await assessor.assess(capture.customer);
      const day = dayRowOf(capture);
      const isRowNew = rows.includes(capture.customer);
      const kept = { day, finding, ownOutcome: capture.customer.outcome, isRefusal, isRowNew };
      entry = { ...kept, outcome: isPeriodOver ? day.outcome : outcome };
    } catch (error) {
      signal.throwIfAborted();
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'STORE';
      const failure: Failure = { phase: 'store', code, message: messageOf(error) };
      const stored = isRepeated ? await this.#findStored(captured.customer) : undefined;
      const isRowNew = stored !== undefined;
      const own = { ...captured, customer: stored ?? captured.customer };
      const day: CustomerSnapshot = { ...dayRowOf(own), outcome: 'failed', failure };
      entry = { day, finding: {}, outcome, ownOutcome, isRefusal: false, isRowNew };
    }
    failures.noteSubscriptions(captured);
    if (forbidden) this.#partlyForbidden.push({ ...forbidden, entry });
    else await this.#entries.enter(entry);
  }

  /** A customer's row that was written although the call failed: lost answer, or partly written. */
  async #findStored(customer: CustomerSnapshot): Promise<CustomerSnapshot | undefined> {
    const { customerId, snapshotDate, runId } = customer;
    const { usageByCustomer } = this.#options;
    try {
      const row = await usageByCustomer.getCustomerSnapshot(customerId, snapshotDate);
      return row?.runId === runId && row.figures ? row : undefined;
    } catch {
      // Unknown: the row of the day stays as it is.
      return undefined;
    }
  }
}
