import type { Clock } from '../../src/clock.ts';
import type { SimulatorAnswer, SimulatorRequest } from '../../src/simulator/exchange.ts';
import type { Faults } from '../../src/simulator/faults.ts';
import { isSignInRoute, routeOf } from '../../src/simulator/route.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../src/simulator/simulatorOptions.ts';

/** The API's limits from an instant on. */
export interface LimitStep {
  /** Milliseconds since the epoch. */
  fromMs: number;
  limits: NonNullable<Faults['throttle']>;
}

/** The requests to the API in one minute of its clock, the window of its limits. */
export interface MinuteCounts {
  /** Milliseconds since the epoch. */
  startMs: number;
  /** The undocumented limit at the minute's beginning. */
  hiddenLimit?: number;
  admitted: number;
  /** Answers 429. */
  throttled: number;
  /** The same of the two lists with a documented limit alone. */
  limitedAdmitted: number;
  limitedThrottled: number;
}

export interface WatchedOptions extends Omit<SimulatorOptions, 'faults' | 'clock'> {
  clock: Pick<Clock, 'now'>;
  /** In the order of their time. */
  limitSteps: readonly LimitStep[];
}

const minuteMs = 60_000;

/** A simulator whose limits change over time, and that counts requests by minute and customer. */
export class WatchedSimulator extends Simulator {
  readonly minutes: MinuteCounts[] = [];
  /** The first request for each customer's summary: tries after it have the same id. */
  readonly #firstAskedBy = new Map<string, string>();
  readonly #askedAgain = new Set<string>();
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limitSteps: readonly LimitStep[];

  constructor({ limitSteps, ...options }: WatchedOptions) {
    super(options);
    this.#clock = options.clock;
    this.#limitSteps = limitSteps;
  }

  /** Customers whose summary was asked for. */
  get customersAsked(): number {
    return this.#firstAskedBy.size;
  }

  /** Those of them that were asked for by more than one request, retries aside. */
  get customersAskedTwice(): number {
    return this.#askedAgain.size;
  }

  override handle(request: SimulatorRequest): SimulatorAnswer {
    const nowMs = this.#clock.now();
    const limits = this.#limitSteps.findLast(({ fromMs }) => fromMs <= nowMs)?.limits;
    this.faults = limits ? { throttle: limits } : {};
    const answer = super.handle(request);
    const { kind, customerId } = routeOf(request.method, request.path);
    if (!isSignInRoute(kind)) {
      const isLimited = kind === 'customers' || kind === 'subscriptions';
      this.#count(this.#minuteAt(nowMs, limits?.hiddenPerMinute), isLimited, answer.status === 429);
    }
    if (kind === 'customerSummary') this.#noteAsked(customerId, request.headers['ms-requestid']);
    return answer;
  }

  #minuteAt(nowMs: number, hiddenLimit: number | undefined): MinuteCounts {
    const startMs = Math.floor(nowMs / minuteMs) * minuteMs;
    const last = this.minutes.at(-1);
    if (last?.startMs === startMs) return last;
    const minute = {
      startMs,
      ...(hiddenLimit !== undefined && { hiddenLimit }),
      admitted: 0,
      throttled: 0,
      limitedAdmitted: 0,
      limitedThrottled: 0,
    };
    this.minutes.push(minute);
    return minute;
  }

  #count(minute: MinuteCounts, isLimited: boolean, isThrottled: boolean): void {
    minute[isThrottled ? 'throttled' : 'admitted']++;
    if (isLimited) minute[isThrottled ? 'limitedThrottled' : 'limitedAdmitted']++;
  }

  #noteAsked(customerId: string, requestId = ''): void {
    const first = this.#firstAskedBy.get(customerId);
    if (first === undefined) this.#firstAskedBy.set(customerId, requestId);
    else if (first !== requestId) this.#askedAgain.add(customerId);
  }
}
