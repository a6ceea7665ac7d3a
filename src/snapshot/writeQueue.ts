import type { Clock } from '../clock.ts';

export interface WriteQueueOptions<T> {
  write: (item: T) => Promise<void>;
  /** Maximum of items that are not written yet. */
  limit: () => number;
  clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
}

/** While a write takes longer than this nothing more is captured: the tables do not respond. */
const longestWriteMs = 30_000;

/** Captured customers that are not written yet, for each request in flight. */
const unwrittenPerRequest = 2;
/** From this hour on, UTC, there are fewer, as little time of the day is left. */
const lateHour = 22;

/** How many captured customers may be unwritten at an instant, in milliseconds since the epoch. */
export function maxUnwritten(concurrency: number, nowMs: number): number {
  const isLate = new Date(nowMs).getUTCHours() >= lateHour;
  return concurrency * (isLate ? 1 : unwrittenPerRequest);
}

/**
 * Captured items on their way into the tables. Writing begins at once and holds up no capture, up to
 * a limit; what is not written at a crash is captured again by the next run.
 */
export class WriteQueue<T> {
  readonly #options: WriteQueueOptions<T>;
  /** Each write under way, with the time of its begin; the oldest first. */
  readonly #writes = new Map<Promise<void>, number>();
  /** Resolved by the next write that ends; one for all who wait, as a race of all writes is slow. */
  #nextEnd = Promise.withResolvers<void>();
  #lastTurn: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | undefined;

  constructor(options: WriteQueueOptions<T>) {
    this.#options = options;
  }

  /**
   * Takes an item as soon as there is a place for it.
   *
   * @throws what an earlier write threw
   */
  async add(item: T): Promise<void> {
    const { write, limit, clock } = this.#options;
    // No await between the last check of the size and the write.
    while (!this.#failure && this.#writes.size >= limit()) await this.#nextEnd.promise;
    this.#throwIfFailed();
    const written = this.#nextTurn()
      .then(() => write(item))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#writes.delete(written);
        this.#nextEnd.resolve();
        this.#nextEnd = Promise.withResolvers();
      });
    this.#writes.set(written, clock.monotonicMs());
  }

  /**
   * Waits while a write takes so long that nothing more is to be captured.
   *
   * @throws what an earlier write threw
   */
  async waitForTables(): Promise<void> {
    const { clock } = this.#options;
    const isStuck = () => {
      const [oldestMs = Number.POSITIVE_INFINITY] = this.#writes.values();
      return clock.monotonicMs() - oldestMs > longestWriteMs;
    };
    while (!this.#failure && isStuck()) await this.#nextEnd.promise;
    this.#throwIfFailed();
  }

  /**
   * Waits until everything is written.
   *
   * @throws the first failure, once nothing is under way any more
   */
  async drain(): Promise<void> {
    await Promise.all(this.#writes.keys());
    this.#throwIfFailed();
  }

  /**
   * At most one write begins in a turn of the event loop: building its rows takes longer than
   * sending a request, and answers that came together would otherwise wait for all of them.
   */
  #nextTurn(): Promise<void> {
    this.#lastTurn = this.#lastTurn.then(() => this.#options.clock.sleep(0));
    return this.#lastTurn;
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
