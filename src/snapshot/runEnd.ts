import type { Clock } from '../clock.ts';
import { addDays } from '../usage/date.ts';

/** A run that ends before its work is done: what is left is taken up by the next one. */
export class RunStoppedError extends Error {
  readonly code = 'RUN_STOPPED';
  readonly reason: string;

  constructor(reason: string) {
    super(`stopped: ${reason}`);
    this.name = 'RunStoppedError';
    this.reason = reason;
  }
}

export interface RunEndOptions {
  clock: Clock;
  snapshotDate: string;
  /** From then on no new customer is taken; milliseconds since the epoch. */
  deadlineAtMs: number;
  /** Aborted when the process is to end. */
  terminated?: AbortSignal | undefined;
  /** Aborted when the lease is lost. */
  lost: AbortSignal;
}

/** Open customers may take this long to finish after the deadline. */
const graceMs = 5 * 60_000;
/** And this long when the process ends: its host waits some seconds more. */
const terminationGraceMs = 2_000;
/** No customer is taken in the last minutes of the UTC day. */
const lastMinutesMs = 5 * 60_000;

/**
 * When and why a run ends early: at its deadline, at the end of its UTC day, when the process is
 * to end, when the lease is lost. First no new customer is taken; then, after a grace, what is
 * still under way is given up.
 */
export class RunEnd {
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #done = new AbortController();
  readonly #terminated: AbortSignal | undefined;
  readonly #lost: AbortSignal;
  readonly #deadlineAtMs: number;
  readonly #dayEndsAtMs: number;

  constructor({ clock, snapshotDate, deadlineAtMs, terminated, lost }: RunEndOptions) {
    this.#clock = clock;
    this.#terminated = terminated;
    this.#lost = lost;
    this.#deadlineAtMs = deadlineAtMs;
    this.#dayEndsAtMs = Date.parse(addDays(snapshotDate, 1)) - lastMinutesMs;
    lost.addEventListener('abort', this.#onLost, { once: true });
    if (lost.aborted) this.#onLost();
    terminated?.addEventListener('abort', this.#onTerminated, { once: true });
    if (terminated?.aborted) this.#onTerminated();
    const endsInMs = this.takesCustomersUntilMs - clock.now() + graceMs;
    this.#abortAfter(Math.max(0, endsInMs));
  }

  /** From then on no new customer is taken; milliseconds since the epoch. */
  get takesCustomersUntilMs(): number {
    return Math.min(this.#deadlineAtMs, this.#dayEndsAtMs);
  }

  /** Aborted when everything under way is to be given up. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether the process is to end, so that nothing may take long any more. */
  get isTerminated(): boolean {
    return this.#terminated?.aborted ?? false;
  }

  /** Why no new customer is taken; `undefined` as long as they are. */
  get reason(): string | undefined {
    if (this.#lost.aborted) return 'the lease was lost';
    if (this.#terminated?.aborted) return 'the process was to end';
    if (this.#clock.now() >= this.#deadlineAtMs) return 'the deadline';
    return this.#clock.now() >= this.#dayEndsAtMs ? 'the end of the UTC day' : undefined;
  }

  /** Gives back timers and listeners. */
  dispose(): void {
    this.#done.abort();
    this.#lost.removeEventListener('abort', this.#onLost);
    this.#terminated?.removeEventListener('abort', this.#onTerminated);
  }

  readonly #onLost = () => this.#abort.abort(this.#lost.reason);
  readonly #onTerminated = () => this.#abortAfter(terminationGraceMs);

  #abortAfter(delayMs: number): void {
    this.#clock.sleep(delayMs, this.#done.signal).then(
      () => this.#abort.abort(new RunStoppedError(this.reason ?? 'the end of its time')),
      () => {
        // The run ended before.
      },
    );
  }
}
