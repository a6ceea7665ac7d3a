import type { Clock } from '../../src/clock.ts';
import type { VirtualClock } from '../support/virtualClock.ts';

/** Where a process reaches out: every await of it ends at one of these. */
export type Port = 'api' | 'signIn' | 'table' | 'tokenStore' | 'sleep';

/** What befalls a process at one of its calls. */
export interface Mishap {
  /**
   * - `kill`: nothing answers any more
   * - `freeze`: it stands still, and goes on after `forMs`
   * - `terminate`: it is asked to end
   */
  kind: 'kill' | 'freeze' | 'terminate';
  /** The call, from 1; of `port` alone where that is given. */
  atCall: number;
  port?: Port;
  /** Whether the call that a kill strikes is still sent. */
  isSent?: boolean;
  forMs?: number;
}

/**
 * The life of a simulated process: every call to its surroundings passes here, and its answers come
 * back only while the process lives and moves.
 */
export class Lifeline {
  readonly #clock: VirtualClock;
  readonly #skewMs: number;
  readonly #mishap: Mishap | undefined;
  readonly #onMishap: (mishap: Mishap) => void;
  readonly #termination = new AbortController();
  readonly #sleeps = new Set<AbortController>();
  #held: (() => void)[] | undefined;
  #calls = 0;
  #isDead = false;

  constructor(
    clock: VirtualClock,
    mishap: Mishap | undefined,
    onMishap: (mishap: Mishap) => void = () => {},
    /** How far its clock is ahead of the world's. */
    skewMs = 0,
  ) {
    this.#clock = clock;
    this.#skewMs = skewMs;
    this.#mishap = mishap;
    this.#onMishap = onMishap;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isFrozen(): boolean {
    return this.#held !== undefined;
  }

  /** Timers of the process that have neither rung nor been given back. */
  get sleeping(): number {
    return this.#sleeps.size;
  }

  /** Aborted when the process is to end in order. */
  get termination(): AbortSignal {
    return this.#termination.signal;
  }

  /** The clock as the process has it. */
  readonly clock: Clock = {
    now: () => this.#clock.now() + this.#skewMs,
    monotonicMs: () => this.#clock.monotonicMs(),
    sleep: (delayMs, signal) => this.pass('sleep', () => this.#sleep(delayMs, signal)),
  };

  /** Makes a call to the surroundings; the answer never comes where the process is dead by then. */
  pass<T>(port: Port, call: () => Promise<T>): Promise<T> {
    if (this.#isDead) return new Promise<T>(() => {});
    const mishap = this.#due(port);
    if (mishap?.kind === 'kill' && !mishap.isSent) {
      this.kill();
      return new Promise<T>(() => {});
    }
    const answer = call();
    if (mishap?.kind === 'kill') this.kill();
    if (mishap?.kind === 'freeze') this.#freeze(mishap.forMs ?? 0);
    if (mishap?.kind === 'terminate') this.terminate();
    return new Promise<T>((resolve, reject) => {
      answer.then(
        (value) => this.#deliver(() => resolve(value)),
        (error: unknown) => this.#deliver(() => reject(error)),
      );
    });
  }

  /** From now on nothing happens in the process. */
  kill(): void {
    this.#isDead = true;
    this.#held = undefined;
    for (const sleep of this.#sleeps) sleep.abort();
    this.#sleeps.clear();
  }

  terminate(): void {
    // A process that stands still hears of it when it goes on.
    this.#deliver(() => this.#termination.abort(new Error('the process is to end')));
  }

  #due(port: Port): Mishap | undefined {
    const mishap = this.#mishap;
    if (!mishap || (mishap.port && mishap.port !== port)) return undefined;
    if (++this.#calls !== mishap.atCall) return undefined;
    this.#onMishap(mishap);
    return mishap;
  }

  #freeze(forMs: number): void {
    if (this.#held) return;
    this.#held = [];
    void this.#clock.sleep(forMs).then(() => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const deliver of held) this.#deliver(deliver);
    });
  }

  #deliver(answer: () => void): void {
    if (this.#isDead) return;
    if (this.#held) this.#held.push(answer);
    else answer();
  }

  async #sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const sleep = new AbortController();
    const onAbort = () => sleep.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#sleeps.add(sleep);
    try {
      await this.#clock.sleep(delayMs, sleep.signal);
    } finally {
      this.#sleeps.delete(sleep);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}
