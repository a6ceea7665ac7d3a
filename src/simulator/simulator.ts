import { answerApi } from './apiAnswer.ts';
import { createGatekeeper, isMfaCompliantToken } from './authorization.ts';
import { createPopulation } from './customer.ts';
import type { CustomerFault } from './customerFault.ts';
import { createDisturber, isSlow, serverErrorAnswer, truncateAnswer } from './disturbance.ts';
import { type SimulatorAnswer, type SimulatorRequest, throttledAnswer } from './exchange.ts';
import { Expectations } from './expectations.ts';
import type { FaultName, Faults } from './faults.ts';
import { createGuid } from './guid.ts';
import type { Quirks } from './quirks.ts';
import { hash, topics, unit } from './random.ts';
import { isSignInRoute, type Route, routeOf } from './route.ts';
import { createSignInDesk } from './signInDesk.ts';
import type { SignInOptions } from './signInOptions.ts';
import type { Override, SimulatorOptions } from './simulatorOptions.ts';
import {
  beginRequest,
  count,
  createStatistics,
  logRequest,
  type Statistics,
} from './statistics.ts';
import { createThrottle } from './throttle.ts';
import { createTokenMint } from './token.ts';
import { dress } from './wire.ts';

export function createSimulator(options: SimulatorOptions = {}): Simulator {
  return new Simulator(options);
}

/**
 * A Partner Center API and its sign-in host in one, without sockets: `handle` answers a request at
 * once, with the delay and the network fault of the answer.
 */
export class Simulator extends Expectations {
  readonly seed: number;
  readonly partnerTenantId: string;
  /** A refresh token to start from, issued when the simulator was made. */
  readonly refreshToken: string;
  /** These may be changed at any time, between nights for example. */
  quirks: Quirks;
  faults: Faults;
  signIn: SignInOptions;
  overrides: Record<string, Override>;
  statistics: Statistics = createStatistics();

  readonly #clock: { now(): number };
  readonly #latencyMs: number;
  readonly #logLimit: number;
  readonly #mint;
  readonly #signInDesk;
  readonly #gatekeeper;
  readonly #disturber;
  readonly #throttle = createThrottle();
  readonly #notReady = new Set<string>();
  #serial = 0;
  /** Until when clients were asked to pause by a 429. */
  #pausedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: SimulatorOptions) {
    const { seed = 1, customers = 20, clock = { now: () => Date.now() } } = options;
    const population = createPopulation(seed, customers, options);
    super(population, clock);
    this.seed = seed;
    this.quirks = options.quirks ?? {};
    this.faults = options.faults ?? {};
    this.signIn = options.signIn ?? {};
    this.overrides = options.overrides ?? {};
    this.#clock = clock;
    this.#latencyMs = options.latencyMs ?? 0;
    this.#logLimit = options.logLimit ?? 1000;
    this.#mint = createTokenMint(seed);
    this.#gatekeeper = createGatekeeper(this.#mint, () => this.#struck('expireToken'));
    this.#disturber = createDisturber(seed);
    this.partnerTenantId = population.partnerTenantId;
    const parts = { seed, tenantId: this.partnerTenantId, mint: this.#mint, clock };
    this.#signInDesk = createSignInDesk(parts);
    this.refreshToken = this.issueRefreshToken();
  }

  /** Answers one request. */
  handle(request: SimulatorRequest): SimulatorAnswer {
    this.#serial += 1;
    const route = routeOf(request.method, request.path);
    const ids = {
      requestId: request.headers['ms-requestid'] ?? this.#newId(1),
      correlationId: request.headers['ms-correlationid'] ?? this.#newId(2),
    };
    count(this.statistics.byRoute, route.kind);
    this.statistics.requests += 1;
    if (route.kind === 'token') this.statistics.tokenRequests += 1;
    // The sign-in host is another service, without the API's quirks.
    const isSignIn = isSignInRoute(route.kind);
    const override = this.overrides[request.path] ?? this.overrides[route.path];
    const answer: SimulatorAnswer = override
      ? { headers: { 'content-type': 'application/json; charset=utf-8' }, ...override }
      : dress(this.#answer(route, request, ids.requestId), isSignIn ? {} : this.quirks, {
          'ms-requestid': ids.requestId,
          'ms-correlationid': ids.correlationId,
        });
    if (answer.status === 429) this.#noteThrottled(answer);
    const { method, path } = request;
    const { status, disruption } = answer;
    const logged = { method, path, ...ids, status, ...(disruption && { disruption }) };
    logRequest(this.statistics, logged, this.#logLimit);
    return answer;
  }

  /**
   * Counts a request as begun; the returned function counts it as ended, answered or not. The
   * statistics include the requests in between as in flight.
   */
  begin(): () => void {
    return beginRequest(this.statistics, () => this.#clock.now());
  }

  /** Resets the counts; requests in flight are still counted in the statistics they began in. */
  resetStatistics(): void {
    this.statistics = createStatistics();
  }

  /** Another refresh token, as if the user had signed in just now. */
  issueRefreshToken(): string {
    return this.#signInDesk.issueRefreshToken();
  }

  #answer(route: Route, request: SimulatorRequest, requestId: string): SimulatorAnswer {
    if (isSignInRoute(route.kind)) {
      return this.#signInDesk.answer({
        request,
        route,
        options: this.signIn,
        troubleRate: this.faults.signInTrouble?.rate ?? 0,
        onTrouble: () => this.#struck('signInTrouble'),
      });
    }
    const nowMs = this.#clock.now();
    if (nowMs < this.#pausedUntilMs) this.statistics.requestsBeforeRetryAfter += 1;
    const seconds = this.#throttle.admit(route.kind, this.faults.throttle, nowMs);
    if (seconds !== undefined) {
      this.#struck('throttle');
      return this.#delayed(throttledAnswer(seconds));
    }
    const disturbance = this.#disturber.decide(requestId, this.#serial, this.faults);
    if (disturbance) this.#struck(disturbance);
    if (disturbance === 'serverError') {
      return this.#delayed(serverErrorAnswer(this.seed, this.#serial));
    }
    if (disturbance === 'reset' || disturbance === 'stall') {
      return { status: 0, headers: {}, body: '', disruption: disturbance };
    }
    const answer = this.#delayed(this.#answerApi(route, request, nowMs));
    return disturbance === 'truncate' ? truncateAnswer(answer, this.seed, this.#serial) : answer;
  }

  #answerApi(route: Route, request: SimulatorRequest, nowMs: number): SimulatorAnswer {
    const { faults, quirks, signIn } = this;
    const { authorization } = request.headers;
    const access = { kind: route.kind, authorization, signIn, faults, nowMs };
    const onFault = (fault: CustomerFault) =>
      this.#struck(fault === 'failed' ? 'customerFails' : 'customerRefused');
    const [population, notReady] = [this.populationAt(nowMs), this.#notReady];
    const state = { population, quirks, faults, nowMs, notReady, onFault };
    const answer = this.#gatekeeper.refuse(access) ?? answerApi(state, route, request);
    if (request.headers['validatemfa']?.toLowerCase() !== 'true') return answer;
    const isMfaCompliant = String(isMfaCompliantToken(this.#mint, authorization));
    return { ...answer, headers: { ...answer.headers, ismfacompliant: isMfaCompliant } };
  }

  #delayed(answer: SimulatorAnswer): SimulatorAnswer {
    const slowMs = isSlow(this.seed, this.#serial, this.faults) ? this.faults.slow?.delayMs : 0;
    if (slowMs) this.#struck('slow');
    const draw = unit(this.seed, topics.latency, this.#serial);
    const delayMs = this.#latencyMs * (0.5 + draw) + (slowMs ?? 0) + (answer.delayMs ?? 0);
    return delayMs > 0 ? { ...answer, delayMs } : answer;
  }

  #noteThrottled(answer: SimulatorAnswer): void {
    this.statistics.throttled += 1;
    const seconds = Number(answer.headers['retry-after'] ?? 0);
    const untilMs = this.#clock.now() + (Number.isFinite(seconds) ? seconds * 1000 : 0);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
  }

  #struck(fault: FaultName): void {
    count(this.statistics.faults, fault);
  }

  #newId(part: number): string {
    return createGuid(this.seed, hash(this.seed, topics.serverId, this.#serial, part), part);
  }
}
