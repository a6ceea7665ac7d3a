import { describe, expect, it } from 'vitest';
import type { SimulatorAnswer } from '../../../src/simulator/exchange.ts';
import type { Faults } from '../../../src/simulator/faults.ts';
import { bodyOf, renew, signIn } from './session.ts';

const withFaults = (faults: Faults, customers = 20) => signIn({ faults, customers });

function isDisturbed(answer: SimulatorAnswer): boolean {
  if (answer.disruption || answer.status >= 500) return true;
  try {
    bodyOf(answer);
    return false;
  } catch {
    return true;
  }
}

describe('throttling', () => {
  it('answers 429 in the documented shape beyond the limit, until the minute is over', () => {
    const { clock, get, simulator } = withFaults({ throttle: { perMinute: 3 } });
    clock.turnTo('2026-03-10T02:30:03.200Z');
    const statuses = [1, 2, 3, 4].map(() => get('/v1/customers').status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = get('/v1/customers');
    expect(refused.headers['retry-after']).toBe('57');
    expect(bodyOf(refused)).toEqual({
      statusCode: 429,
      message: 'Rate limit is exceeded. Try again in 57 seconds.',
    });
    clock.turnTo('2026-03-10T02:31:00Z');
    expect(get('/v1/customers').status).toBe(200);
    expect(simulator.statistics.throttled).toBe(2);
  });

  it('limits customers and subscriptions each, and no summaries', () => {
    const { get, simulator } = withFaults({ throttle: { perMinute: 2 } });
    const { id } = simulator.expectedCustomer(0);
    for (let turn = 0; turn < 2; turn++) {
      expect(get('/v1/customers').status).toBe(200);
      expect(get(`/v1/customers/${id}/subscriptions`).status).toBe(200);
    }
    expect(get(`/v1/customers/${id}/subscriptions`).status).toBe(429);
    expect(get('/v1/usagesummary').status).toBe(200);
  });

  it('can limit all calls together', () => {
    const { get } = withFaults({ throttle: { hiddenPerMinute: 2 } });
    const paths = ['/v1/usagesummary', '/v1/customers', '/v1/customers/usagerecords'];
    expect(paths.map((path) => get(path).status)).toEqual([200, 200, 429]);
  });

  it('counts who comes back before the time that was named', () => {
    const { clock, get, simulator } = withFaults({ throttle: { perMinute: 1 } });
    get('/v1/customers');
    get('/v1/customers');
    expect(simulator.statistics.requestsBeforeRetryAfter).toBe(0);
    get('/v1/usagesummary');
    expect(simulator.statistics.requestsBeforeRetryAfter).toBe(1);
    clock.turnTo('2026-03-10T02:31:00Z');
    get('/v1/customers');
    expect(simulator.statistics.requestsBeforeRetryAfter).toBe(1);
  });
});

describe('disturbances', () => {
  it.each(['serverError', 'reset', 'stall', 'truncate'] as const)(
    '%s strikes a request at most three times',
    (fault) => {
      const { get, simulator } = withFaults({ [fault]: { rate: 1 } });
      const headers = { 'ms-requestid': 'request' };
      const tries = [1, 2, 3, 4, 5].map(() => isDisturbed(get('/v1/usagesummary', headers)));
      expect(tries).toEqual([true, true, true, false, true]);
      expect(simulator.statistics.faults[fault]).toBe(4);
    },
  );

  it('strike about as often as they are told to, the same way for the same seed', () => {
    const run = (seed: number) => {
      const { get } = signIn({ seed, faults: { serverError: { rate: 0.2 } } });
      return Array.from({ length: 1000 }, () => get('/v1/customers?size=1').status);
    };
    const struck = run(5).filter((status) => status !== 200).length;
    expect(struck).toBeGreaterThan(150);
    expect(struck).toBeLessThan(250);
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  it('show all the shapes that server errors have', () => {
    const { get } = withFaults({ serverError: { rate: 1 } });
    const answers = Array.from({ length: 200 }, () => get('/v1/usagesummary'));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([500, 502, 503, 504]);
    const types = new Set(answers.map(({ headers }) => headers['content-type']));
    expect(types).toEqual(
      new Set(['application/json; charset=utf-8', 'text/plain', 'text/html', undefined]),
    );
  });

  it('cut the body on the line, or the JSON', () => {
    const { get } = withFaults({ truncate: { rate: 1 } });
    const answers = Array.from({ length: 50 }, () => get('/v1/usagesummary'));
    const onTheLine = answers.filter(({ disruption }) => disruption === 'truncate');
    expect(onTheLine.length).toBeGreaterThan(10);
    expect(onTheLine.length).toBeLessThan(40);
    for (const answer of answers) expect(isDisturbed(answer)).toBe(true);
  });

  it('slow answers down, on top of the latency that all have', () => {
    const { get } = signIn({ latencyMs: 100, faults: { slow: { rate: 0.5, delayMs: 5000 } } });
    const delays = Array.from({ length: 400 }, () => get('/v1/customers?size=1').delayMs ?? 0);
    const fast = delays.filter((delayMs) => delayMs < 5000);
    expect(fast.length).toBeGreaterThan(150);
    expect(fast.length).toBeLessThan(250);
    const mean = fast.reduce((sum, delayMs) => sum + delayMs, 0) / fast.length;
    expect(Math.abs(mean - 100)).toBeLessThan(10);
    expect(Math.min(...fast)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...fast)).toBeLessThan(150);
  });

  it('wear an access token out, a new one works, and is not worn out within a minute', () => {
    const { clock, get, simulator } = withFaults({ expireToken: { afterRequests: 3 } });
    const statuses = (headers = {}) =>
      [1, 2, 3, 4].map(() => get('/v1/usagesummary', headers).status);
    expect(statuses()).toEqual([200, 200, 200, 401]);
    const authorization = `Bearer ${bodyOf(renew(simulator)).access_token}`;
    expect(statuses({ authorization })).toEqual([200, 200, 200, 200]);
    expect(get('/v1/usagesummary').status).toBe(401);
    clock.turnTo('2026-03-10T02:31:30Z');
    expect(get('/v1/usagesummary', { authorization }).status).toBe(401);
    expect(simulator.statistics.faults.expireToken).toBe(2);
  });

  it('trouble the sign-in host at most twice on end', () => {
    const { simulator } = signIn();
    simulator.faults = { signInTrouble: { rate: 1 } };
    const answers = Array.from({ length: 60 }, () => renew(simulator));
    const isFine = answers.map(({ status }) => status === 200);
    expect(isFine.slice(0, 6)).toEqual([false, false, true, false, false, true]);
    const signs = answers.map(
      ({ status, body }) => `${status} ${/AADSTS90033/.test(String(body))}`,
    );
    expect(new Set(signs)).toEqual(new Set(['200 false', '503 false', '503 true', '400 true']));
  });
});

describe('faults of customers', () => {
  it('fail or refuse everything of the customers named, whatever the case of their ids', () => {
    const { get, simulator } = signIn();
    const [failing, gone, refused] = [0, 1, 2].map((index) => simulator.expectedCustomer(index).id);
    simulator.faults = {
      customerFails: { ids: [String(failing).toUpperCase()] },
      customerRefused: { ids: [String(gone), String(refused)] },
    };
    for (const path of ['usagesummary', 'subscriptions', 'subscriptions/usagerecords']) {
      expect(get(`/v1/customers/${failing}/${path}`).status).toBe(500);
      expect(get(`/v1/customers/${gone}/${path}`).status).toBe(404);
      const answer = get(`/v1/customers/${refused}/${path}`);
      expect([answer.status, bodyOf(answer).code]).toEqual([403, 20002]);
    }
    expect(simulator.expectedCustomer(0).outcome).toBe('failed');
    expect(simulator.expectedCustomer(1).outcome).toBe('refused');
    simulator.faults = {};
    expect(get(`/v1/customers/${failing}/subscriptions`).status).toBe(200);
  });

  it('meet a part of all customers, as expectations say', () => {
    const { get, simulator } = withFaults({ customerFails: { rate: 0.1 } }, 500);
    const failing = [...simulator.customers()].filter(({ outcome }) => outcome === 'failed');
    expect(failing.length).toBeGreaterThan(25);
    expect(failing.length).toBeLessThan(75);
    for (const { id } of failing) {
      expect(get(`/v1/customers/${id}/subscriptions`).status).toBe(500);
    }
  });
});
