import type { Clock } from '../clock.ts';

/** Ends a call to a store. */
export interface CallOptions {
  abortSignal?: AbortSignal;
}

/** The one lease that keeps two runs apart. */
export interface LeaseStore {
  /**
   * Takes the lease for `runId` until `expiresAtMs`, unless another run holds it at `nowMs`.
   *
   * @returns the run that holds it now: `runId` itself where it was taken
   */
  acquire(runId: string, nowMs: number, expiresAtMs: number): Promise<string>;
  /** Holds it for longer; `false` where another run has it by now. */
  renew(runId: string, expiresAtMs: number, options: CallOptions): Promise<boolean>;
  /** Gives it back, where `runId` still has it. */
  release(runId: string): Promise<void>;
}

/** The run has lost its lease: somebody else may be writing. */
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

/** Renewals within the lifetime of a lease: two may fail before it is lost. */
const renewalsPerLease = 3;

/** A lease that is held, and renewed until it is given back. */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #runId: string;
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  #expiresAtMs: number;
  #kept: Promise<void> = Promise.resolve();

  private constructor(runId: string, expiresAtMs: number, options: LeaseOptions) {
    this.#runId = runId;
    this.#expiresAtMs = expiresAtMs;
    this.#options = options;
  }

  /** @returns the lease, or the id of the run that holds it */
  static async acquire(runId: string, options: LeaseOptions): Promise<Lease | string> {
    const { store, clock, leaseMs } = options;
    const nowMs = clock.now();
    const owner = await store.acquire(runId, nowMs, nowMs + leaseMs);
    if (owner !== runId) return owner;
    const lease = new Lease(runId, nowMs + leaseMs, options);
    lease.#kept = lease.#keep().catch((error: unknown) => lease.#lost.abort(error));
    return lease;
  }

  /** Aborted when the lease is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Comes before every write: a process that stood still may have lost its lease unawares.
   *
   * @throws LeaseLostError
   */
  assertHeld(): void {
    if (this.#options.clock.now() >= this.#expiresAtMs) this.#lost.abort(new LeaseLostError());
    this.#lost.signal.throwIfAborted();
  }

  /** Gives the lease back; should that fail it runs out by itself. */
  async release(): Promise<void> {
    this.#released.abort();
    // A renewal under way would take the lease again after it was given back.
    await this.#kept;
    if (this.#lost.signal.aborted) return;
    await this.#options.store.release(this.#runId).catch(() => {});
  }

  async #keep(): Promise<void> {
    const { clock, leaseMs } = this.#options;
    while (!this.#released.signal.aborted && !this.#lost.signal.aborted) {
      try {
        await clock.sleep(leaseMs / renewalsPerLease, this.#released.signal);
      } catch {
        // Given back meanwhile.
        return;
      }
      const expiresAtMs = clock.now() + leaseMs;
      try {
        if (!(await this.#renew(expiresAtMs))) throw new LeaseLostError();
        this.#expiresAtMs = expiresAtMs;
      } catch (error) {
        if (this.#released.signal.aborted) return;
        if (error instanceof LeaseLostError) throw error;
        // The tables are out of reach: there is still time until the lease ends.
        if (clock.now() >= this.#expiresAtMs) throw new LeaseLostError({ cause: error });
      }
    }
  }

  /** One renewal, given up after its share of the lease, so that there is time for another. */
  async #renew(expiresAtMs: number): Promise<boolean> {
    const { store, clock, leaseMs } = this.#options;
    const limit = new AbortController();
    const answered = new AbortController();
    clock.sleep(leaseMs / renewalsPerLease, answered.signal).then(
      () => limit.abort(new Error('the renewal of the lease took too long')),
      () => {
        // Answered in time.
      },
    );
    try {
      return await store.renew(this.#runId, expiresAtMs, { abortSignal: limit.signal });
    } finally {
      answered.abort();
    }
  }
}
