import type { Clock } from '../clock.ts';
import { addDays } from '../usage/date.ts';

/** A run that ends before its work is done: the next one does the rest. */
export class RunStoppedError extends Error {
  readonly code = 'RUN_STOPPED';
  readonly reason: string;

  constructor(reason: string) {
    super(`stopped: ${reason}`);
    this.name = 'RunStoppedError';
    this.reason = reason;
  }
}

export interface StopPolicyOptions {
  clock: Clock;
  snapshotDate: string;
  /** From then on no new customer is taken; milliseconds since the epoch. */
  deadlineAtMs: number;
  /** Aborted when the process is to end. */
  terminated?: AbortSignal | undefined;
}

/** Open customers may take this long to finish after the deadline. */
const graceMs = 5 * 60_000;
/** The same when the process ends; with the calls after it, it ends within 5 seconds. */
const terminationGraceMs = 2_000;
/** No customer is taken in the last minutes of the UTC day. */
const lastMinutesMs = 5 * 60_000;

/**
 * Time that some calls have after everything else was aborted: those that store what was captured,
 * and those that store the run's record and release the lease.
 */
const lastCallsEndMs = { rows: 1_750, record: 2_250, lease: 2_750 };
export type LastCalls = keyof typeof lastCallsEndMs;

/**
 * When and why a run ends early: at its deadline, at the end of its UTC day, when the process is
 * to end, when the lease is lost. First no new customer is taken; then, after a grace, what is
 * still under way is aborted; last, the calls that store its state.
 */
export class StopPolicy {
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #lastCalls = {
    rows: new AbortController(),
    record: new AbortController(),
    lease: new AbortController(),
  };
  readonly #done = new AbortController();
  readonly #terminated: AbortSignal | undefined;
  readonly #deadlineAtMs: number;
  readonly #dayEndsAtMs: number;
  #lost: AbortSignal | undefined;
  #isCapturing = false;

  constructor({ clock, snapshotDate, deadlineAtMs, terminated }: StopPolicyOptions) {
    this.#clock = clock;
    this.#terminated = terminated;
    this.#deadlineAtMs = deadlineAtMs;
    this.#dayEndsAtMs = Date.parse(addDays(snapshotDate, 1)) - lastMinutesMs;
    terminated?.addEventListener('abort', this.#onTerminated);
    if (terminated?.aborted) this.#onTerminated();
    this.#at(Math.min(deadlineAtMs, this.#dayEndsAtMs + graceMs), () => {
      if (!this.#isCapturing) this.#giveUp();
    });
    this.#at(this.takesCustomersUntilMs + graceMs, () => this.#giveUp());
  }

  /** From then on no new customer is taken; milliseconds since the epoch. */
  get takesCustomersUntilMs(): number {
    return Math.min(this.#deadlineAtMs, this.#dayEndsAtMs);
  }

  /** Aborted when everything under way is to end. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /**
   * Ends a call that begins now. What stores captured rows goes on until the time limit of such
   * calls; others end with the run, and after that at their time limit. Aborted at once where the
   * lease is lost.
   */
  callSignal(last: LastCalls): AbortSignal {
    const isDrained = last === 'rows' && this.#isCapturing;
    return isDrained || this.signal.aborted ? this.#lastCalls[last].signal : this.signal;
  }

  /** Whether the process is to end. */
  get isTerminated(): boolean {
    return this.#terminated?.aborted ?? false;
  }

  /** Why no new customer is taken; `undefined` while customers are taken. */
  get reason(): string | undefined {
    if (this.#lost?.aborted) return 'the lease was lost';
    if (this.#terminated?.aborted) return 'the process was to end';
    if (this.#clock.now() >= this.#deadlineAtMs) return 'the deadline';
    return this.#clock.now() >= this.#dayEndsAtMs ? 'the end of the UTC day' : undefined;
  }

  /** Customers are captured from now on; those that are open at the deadline get a grace. */
  beginCapture(): void {
    this.#isCapturing = true;
  }

  /** @param lost aborted when the lease is lost */
  endWhenLost(lost: AbortSignal): void {
    this.#lost = lost;
    lost.addEventListener('abort', this.#onLost);
    if (lost.aborted) this.#onLost();
  }

  /** Removes timers and listeners. */
  dispose(): void {
    this.#done.abort();
    this.#lost?.removeEventListener('abort', this.#onLost);
    this.#terminated?.removeEventListener('abort', this.#onTerminated);
  }

  readonly #onLost = () => {
    const reason = this.#lost?.reason;
    this.#abort.abort(reason);
    for (const calls of Object.values(this.#lastCalls)) calls.abort(reason);
  };

  readonly #onTerminated = () => {
    this.#at(this.#clock.now() + terminationGraceMs, () => this.#giveUp());
  };

  #giveUp(): void {
    if (this.signal.aborted) return;
    const reason = this.reason ?? 'the end of its time';
    this.#abort.abort(new RunStoppedError(reason));
    const late = new RunStoppedError(
      `${reason}, and the tables gave no answer in the time that was left`,
    );
    for (const [name, calls] of Object.entries(this.#lastCalls)) {
      const endMs = this.#clock.now() + lastCallsEndMs[name as LastCalls];
      this.#at(endMs, () => calls.abort(late));
    }
  }

  #at(instantMs: number, act: () => void): void {
    const delayMs = Math.max(0, instantMs - this.#clock.now());
    this.#clock.sleep(delayMs, this.#done.signal).then(act, () => {
      // The run ended before.
    });
  }
}
