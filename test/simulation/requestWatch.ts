import type { Trace } from './trace.ts';

/** What a process has promised about its requests. */
export interface RequestLimits {
  concurrency: number;
  /** 0: none. */
  limitedPerMinute: number;
}

/** One request as it is sent. */
export interface SentRequest {
  path: string;
  requestId: string;
  sentAtMs: number;
}

const minuteMs = 60_000;
const limitedPath = /^\/v1\/customers(\/[^/]+\/subscriptions)?(\?|$)/;

/** Holds one process's requests against its limits and against what it was told to wait. */
export class RequestWatch {
  readonly #limits: RequestLimits;
  readonly #trace: Trace;
  readonly #limitedStartsMs: number[] = [];
  readonly #waitUntilMs = new Map<string, number>();
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #inFlight = 0;

  constructor(limits: RequestLimits, trace: Trace) {
    this.#limits = limits;
    this.#trace = trace;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  begun(nowMs: number, { path, requestId }: SentRequest): void {
    const { concurrency, limitedPerMinute } = this.#limits;
    if (++this.#inFlight > concurrency) {
      this.#trace.report('concurrency', `${this.#inFlight} in flight, at most ${concurrency}`);
    }
    const untilMs = Math.max(this.#pausedUntilMs, this.#waitUntilMs.get(requestId) ?? 0);
    if (nowMs < untilMs) {
      this.#trace.report('retryAfter', `${path} was sent ${untilMs - nowMs} ms too early`);
    }
    if (limitedPerMinute === 0 || !limitedPath.test(path)) return;
    this.#limitedStartsMs.push(nowMs);
    const earliestMs = this.#limitedStartsMs.at(-1 - limitedPerMinute);
    if (earliestMs !== undefined && nowMs - earliestMs < minuteMs) {
      const facts = `${limitedPerMinute + 1} within ${nowMs - earliestMs} ms`;
      this.#trace.report('limitedPerMinute', `${facts}, the last ${path}`);
    }
    if (this.#limitedStartsMs.length > 4 * limitedPerMinute) {
      this.#limitedStartsMs.splice(0, 2 * limitedPerMinute);
    }
  }

  /** The process has the answer. */
  answered(
    nowMs: number,
    { requestId, sentAtMs }: SentRequest,
    { status, headers }: { status: number; headers: AnswerHeaders },
  ): void {
    const untilMs = namedTimeMs(headers, { sentAtMs, nowMs });
    if (status === 429) this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
    // Of a token that is refused, no wait is a cure.
    if (untilMs > nowMs && status !== 401) this.#waitUntilMs.set(requestId, untilMs);
    else this.#waitUntilMs.delete(requestId);
  }

  /** Answered or not. */
  ended(): void {
    this.#inFlight--;
  }
}

type AnswerHeaders = Readonly<Record<string, string | undefined>>;

/**
 * Until when an answer asks for patience; 0 where it does not. A date is one of the server's clock,
 * whose own date has whole seconds, and is that of the request.
 */
export function namedTimeMs(
  headers: AnswerHeaders,
  { sentAtMs, nowMs }: { sentAtMs: number; nowMs: number },
): number {
  const { 'retry-after': retryAfter, date } = headers;
  if (retryAfter === undefined) {
    const ms = headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms'];
    return ms === undefined ? 0 : nowMs + Number(ms);
  }
  const seconds = Number(retryAfter);
  if (!Number.isNaN(seconds)) return nowMs + seconds * 1000;
  const untilMs = Date.parse(retryAfter);
  return date === undefined ? untilMs : sentAtMs + untilMs - Date.parse(date) - 999;
}
