import type { CallOptions } from '../callOptions.ts';
import type { Clock } from '../clock.ts';

/** The one lease that keeps two runs apart. It expires by the clock of the tables. */
export interface LeaseStore {
  /**
   * Takes the lease for `leaseSeconds`, unless another run holds it.
   *
   * @returns the run that holds it now: `runId` itself where it was taken
   */
  acquire(runId: string, leaseSeconds: number, options?: CallOptions): Promise<string>;
  /** Holds it for longer; `false` where another run has it by now, or it was given back. */
  renew(runId: string, leaseSeconds: number, options?: CallOptions): Promise<boolean>;
  /** Gives it back, where `runId` still has it. */
  release(runId: string, options?: CallOptions): Promise<void>;
}

/** The run has lost its lease: another run may be writing. */
export class LeaseLostError extends Error {
  readonly code = 'LEASE_LOST';

  constructor(options?: ErrorOptions) {
    super('the run lost its lease and stopped writing', options);
    this.name = 'LeaseLostError';
  }
}

export interface LeaseOptions {
  store: LeaseStore;
  clock: Clock;
  /** After this a dead run's lease is free. */
  leaseMs: number;
}

/**
 * The holder gives the lease up so long before others can take it: its last requests end by then.
 */
const marginMs = 5_000;
/** Renewals within the time for which it is held: one may fail, or hang, before it is lost. */
const renewalsPerLease = 3;
/** Timers stand still while a computer is suspended, so waits are short. */
const checkIntervalMs = 1_000;

/**
 * A lease that is held, and renewed until it is given back.
 *
 * The tables count its time from when they wrote it. The holder counts from before its request, by
 * the clock that has advanced further: the wall clock may be set back, and the monotonic one may
 * stand still while the computer is suspended.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #runId: string;
  readonly #lost = new AbortController();
  /** Aborted when it is lost or given back. */
  readonly #ended = new AbortController();
  #elapsedMs: () => number;
  #lastFailure: unknown;

  private constructor(runId: string, elapsedMs: () => number, options: LeaseOptions) {
    this.#runId = runId;
    this.#elapsedMs = elapsedMs;
    this.#options = options;
  }

  /** @returns the lease, or the id of the run that holds it */
  static async acquire(
    runId: string,
    options: LeaseOptions,
    callOptions?: CallOptions,
  ): Promise<Lease | string> {
    const { store, clock, leaseMs } = options;
    const elapsedMs = startStopwatch(clock);
    const owner = await store.acquire(runId, leaseMs / 1000, callOptions);
    if (owner !== runId) return owner;
    const lease = new Lease(runId, elapsedMs, options);
    void lease.#watch();
    void lease.#keep();
    return lease;
  }

  /** Aborted when the lease is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Called before every write: a process that was suspended may have lost its lease unnoticed.
   *
   * @throws LeaseLostError
   */
  assertHeld(): void {
    if (this.#leftMs <= 0) this.#lose();
    this.#lost.signal.throwIfAborted();
  }

  /** Gives the lease back; if that fails it expires. */
  async release(options?: CallOptions): Promise<void> {
    this.#ended.abort();
    if (this.#lost.signal.aborted) return;
    // A renewal under way was aborted, so it cannot take the lease again.
    await this.#options.store.release(this.#runId, options).catch(() => {});
  }

  get #heldMs(): number {
    return this.#options.leaseMs - marginMs;
  }

  get #leftMs(): number {
    return this.#heldMs - this.#elapsedMs();
  }

  #lose(): void {
    const { signal } = this.#ended;
    if (!signal.aborted) this.#lost.abort(new LeaseLostError({ cause: this.#lastFailure }));
    this.#ended.abort();
  }

  /** Notices when the time is over, also while a renewal hangs. */
  async #watch(): Promise<void> {
    while (await this.#pause(Math.min(checkIntervalMs, this.#leftMs))) {
      if (this.#leftMs <= 0) this.#lose();
    }
  }

  async #keep(): Promise<void> {
    const { clock } = this.#options;
    const intervalMs = this.#heldMs / renewalsPerLease;
    let elapsedMs = this.#elapsedMs;
    while (await this.#pause(intervalMs - elapsedMs())) {
      elapsedMs = startStopwatch(clock);
      try {
        // Aborted after its share of the time, so that there is time for another try.
        if (!(await this.#renew(intervalMs))) return this.#lose();
        this.#elapsedMs = elapsedMs;
        this.#lastFailure = undefined;
      } catch (error) {
        // The tables are unreachable: a later renewal may still come in time.
        this.#lastFailure = error;
      }
    }
  }

  async #renew(limitMs: number): Promise<boolean> {
    const { store, clock, leaseMs } = this.#options;
    const limit = new AbortController();
    const answered = new AbortController();
    const abortSignal = AbortSignal.any([this.#ended.signal, limit.signal]);
    clock.sleep(limitMs, AbortSignal.any([this.#ended.signal, answered.signal])).then(
      () => limit.abort(new Error('the renewal of the lease took too long')),
      () => {
        // Answered in time.
      },
    );
    try {
      return await store.renew(this.#runId, leaseMs / 1000, { abortSignal });
    } finally {
      answered.abort();
    }
  }

  /** Waits so long; `false` where the lease has ended meanwhile. */
  async #pause(delayMs: number): Promise<boolean> {
    const { signal } = this.#ended;
    try {
      await this.#options.clock.sleep(Math.max(0, delayMs), signal);
    } catch {
      return false;
    }
    return !signal.aborted;
  }
}

/** Counts from now on, by the clock that advances further. */
function startStopwatch(clock: Clock): () => number {
  const startMs = clock.now();
  const startMonotonicMs = clock.monotonicMs();
  return () => Math.max(clock.now() - startMs, clock.monotonicMs() - startMonotonicMs);
}
