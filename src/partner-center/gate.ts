import type { Clock } from '../clock.ts';
import { ApiPausedError } from '../errors.ts';
import { onAbort } from '../network/onAbort.ts';
import { defaultRetryPolicy } from '../network/retry.ts';

export interface GateOptions {
  /** Maximum of requests in flight. */
  concurrency: number;
  /** Maximum of limited requests that begin within any 60 seconds; 0 = no such limit. */
  limitedPerMinute: number;
  clock: Clock;
  /** Longest pause that requests without `waitUntilMs` wait for. */
  maxPauseMs?: number;
}

export interface GateRequestOptions<T> {
  isLimited?: boolean;
  /** Whether a result lets the bound grow; by default every result does. */
  isGood?: (result: T) => boolean;
  /** Until when a pause is waited for, in milliseconds since the epoch. */
  waitUntilMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

interface Waiter {
  /** Place in the order of arrival. */
  order: number;
  isLimited: boolean;
  waitUntilMs: number | undefined;
  /** Lets the request in, as the `entry`-th of all. */
  enter: (entry: number) => void;
  reject: (reason: unknown) => void;
}

const minuteMs = 60_000;

/**
 * Upper limit of a pause: otherwise one absurd `Retry-After` would stop a long-lived process for
 * good. Partner Center was seen to name up to 15 minutes.
 */
const longestPauseMs = 6 * 60 * minuteMs;

/**
 * Part of the bound at which a 429 came that is taken for safe: up to there the bound grows fast,
 * and beyond it slowly, as each time the limit is exceeded several requests get a 429.
 */
const safeShare = 0.8;
/** Good answers, per request that may be in flight, after which the bound grows by one. */
const answersForOneMore = { upToSafe: 4, beyond: 32 };

/**
 * Limits all requests of a process to Partner Center.
 *
 * - At most `concurrency` requests are in flight. The bound adapts: an answer 429 halves it, once
 *   for all requests that were already under way. By good answers it grows again: fast up to
 *   nearly what it was, slowly from there on.
 * - Requests of the lists with a documented limit begin at most `limitedPerMinute` times within any
 *   60 seconds (Partner Center: 500 a minute for the Customer and Subscription resources).
 * - A 429 that names a time pauses all requests until then (Partner Center: API throttling
 *   guidance). Requests that cannot wait that long are rejected at once.
 *
 * Requests enter in the order in which they came; those without a limit pass those that wait for
 * the minute's budget.
 */
export class Gate {
  readonly #options: Required<GateOptions>;
  #bound: number;
  #safeBound = 0;
  #active = 0;
  #arrivals = 0;
  #entries = 0;
  #entriesAtHalving = 0;
  #pausedUntilMs = 0;
  readonly #free: Waiter[] = [];
  readonly #limited: Waiter[] = [];
  /** When the latest limited requests began, oldest at `#oldestStart`: one slot for each allowed. */
  readonly #limitedStartsMs: number[];
  #oldestStart = 0;
  #wake: { atMs: number; abort: AbortController } | undefined;

  constructor(options: GateOptions) {
    this.#options = { maxPauseMs: defaultRetryPolicy.maxTotalWaitMs, ...options };
    this.#bound = options.concurrency;
    this.#limitedStartsMs = new Array(options.limitedPerMinute).fill(Number.NEGATIVE_INFINITY);
  }

  /** How many requests may be in flight now. */
  get bound(): number {
    return Math.floor(this.#bound);
  }

  /**
   * Runs `request` as soon as the gate lets it through. `request` is given its entry, to hand to
   * {@link throttle} should the answer be 429.
   *
   * @throws ApiPausedError when the pause in force ends later than the caller can wait
   */
  async run<T>(
    request: (entry: number) => Promise<T>,
    options: GateRequestOptions<T> = {},
  ): Promise<T> {
    options.signal?.throwIfAborted();
    const { isLimited = false, waitUntilMs, signal } = options;
    const entry = await this.#enter({ isLimited, waitUntilMs }, signal);
    try {
      const result = await request(entry);
      const isGood = options.isGood?.(result) ?? true;
      if (isGood && entry > this.#entriesAtHalving) this.#grow();
      return result;
    } finally {
      this.#active--;
      this.#pump();
    }
  }

  /** Notes an answer 429 to the request that entered with `entry`. */
  throttle(entry: number, retryAfterMs: number | undefined): void {
    if (entry > this.#entriesAtHalving) {
      this.#safeBound = this.#bound * safeShare;
      this.#bound = Math.max(1, this.#bound / 2);
      this.#entriesAtHalving = this.#entries;
    }
    if (retryAfterMs !== undefined) {
      const untilMs = this.#options.clock.now() + Math.min(retryAfterMs, longestPauseMs);
      this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
    }
  }

  #grow(): void {
    const { upToSafe, beyond } = answersForOneMore;
    const answers = this.#bound * (this.#bound < this.#safeBound ? upToSafe : beyond);
    this.#bound = Math.min(this.#options.concurrency, this.#bound + 1 / answers);
  }

  #enter(
    { isLimited, waitUntilMs }: Pick<Waiter, 'isLimited' | 'waitUntilMs'>,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const queue = isLimited ? this.#limited : this.#free;
    const order = this.#arrivals++;
    const waiter: Waiter = { order, isLimited, waitUntilMs, enter: resolve, reject };
    const leave = () => {
      const place = queue.indexOf(waiter);
      if (place === -1) return;
      queue.splice(place, 1);
      reject(signal?.reason);
      this.#pump();
    };
    const release = signal && onAbort(signal, leave);
    queue.push(waiter);
    this.#pump();
    return release ? promise.finally(release) : promise;
  }

  /** Lets in all requests that may enter now, and sets a timer for the next one. */
  #pump(): void {
    const nowMs = this.#options.clock.now();
    const isPaused = this.#pausedUntilMs > nowMs;
    if (isPaused) this.#rejectUnableToWait(nowMs);
    let nextMs = isPaused ? this.#pausedUntilMs : undefined;
    while (nextMs === undefined && this.#active < this.bound) {
      const budgetAtMs = this.#budgetFreeAtMs();
      const waiter = this.#takeNext(budgetAtMs <= nowMs);
      if (!waiter) {
        // A request that still waits here waits for the budget.
        nextMs = budgetAtMs;
        break;
      }
      if (waiter.isLimited) this.#noteLimitedStart(nowMs);
      this.#active++;
      waiter.enter(++this.#entries);
    }
    this.#wakeAt(this.#free.length + this.#limited.length > 0 ? nextMs : undefined);
  }

  /** The first waiter of those that may enter. */
  #takeNext(hasBudget: boolean): Waiter | undefined {
    const [free] = this.#free;
    const limited = hasBudget ? this.#limited[0] : undefined;
    if (!free || (limited && limited.order < free.order)) {
      return limited && this.#limited.shift();
    }
    return this.#free.shift();
  }

  #budgetFreeAtMs(): number {
    const oldestMs = this.#limitedStartsMs[this.#oldestStart];
    return oldestMs === undefined ? Number.NEGATIVE_INFINITY : oldestMs + minuteMs;
  }

  #noteLimitedStart(nowMs: number): void {
    if (this.#limitedStartsMs.length === 0) return;
    this.#limitedStartsMs[this.#oldestStart] = nowMs;
    this.#oldestStart = (this.#oldestStart + 1) % this.#limitedStartsMs.length;
  }

  #rejectUnableToWait(nowMs: number): void {
    const { maxPauseMs } = this.#options;
    const pausedUntilMs = this.#pausedUntilMs;
    const canWait = ({ waitUntilMs = nowMs + maxPauseMs }: Waiter) => waitUntilMs >= pausedUntilMs;
    for (const queue of [this.#free, this.#limited]) {
      if (queue.every(canWait)) continue;
      for (const waiter of queue.splice(0)) {
        if (canWait(waiter)) queue.push(waiter);
        else waiter.reject(new ApiPausedError(pausedUntilMs - nowMs));
      }
    }
  }

  #wakeAt(atMs: number | undefined): void {
    if (this.#wake?.atMs === atMs) return;
    this.#wake?.abort.abort();
    this.#wake = undefined;
    if (atMs === undefined) return;
    const abort = new AbortController();
    this.#wake = { atMs, abort };
    const { clock } = this.#options;
    clock.sleep(atMs - clock.now(), abort.signal).then(
      () => {
        this.#wake = undefined;
        this.#pump();
      },
      () => {
        // Aborted, as no request waits any more, or for another time.
      },
    );
  }
}
