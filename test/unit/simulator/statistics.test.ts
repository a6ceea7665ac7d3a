import { describe, expect, it } from 'vitest';
import { bodyOf, signIn } from './session.ts';

describe('statistics', () => {
  it('count requests by what they ask for', () => {
    const { get, simulator } = signIn();
    get('/v1/customers');
    get('/v1/customers?size=5');
    get('/v1/nothing');
    expect(simulator.statistics).toMatchObject({
      requests: 4,
      tokenRequests: 1,
      byRoute: { token: 1, customers: 2, unknown: 1 },
    });
    simulator.resetStatistics();
    expect(simulator.statistics.requests).toBe(0);
  });

  it('know the most requests that were in flight at once', () => {
    const { simulator } = signIn();
    const [one, two] = [simulator.begin(), simulator.begin()];
    one();
    one();
    const three = simulator.begin();
    two();
    three();
    expect(simulator.statistics).toMatchObject({ maxInFlight: 2, inFlight: 0 });
  });

  it('know how long requests took', () => {
    const { simulator, clock } = signIn();
    const [one, two] = [simulator.begin(), simulator.begin()];
    clock.epochMs += 300;
    one();
    clock.epochMs += 100;
    two();
    two();
    simulator.begin();
    expect(simulator.statistics).toMatchObject({ ended: 2, endedAfterMs: 700, inFlight: 1 });
  });

  it('keep a log of the most recent requests', () => {
    const { get, simulator } = signIn({ logLimit: 5 });
    for (let turn = 0; turn < 33; turn++) {
      get('/v1/nothing', { 'ms-requestid': String(turn), 'ms-correlationid': 'run' });
    }
    const { log } = simulator.statistics;
    expect(log.length).toBeLessThan(10);
    expect(log.at(-1)).toEqual({
      method: 'GET',
      path: '/v1/nothing',
      requestId: '32',
      correlationId: 'run',
      status: 404,
    });
    expect(log.slice(-5).map(({ requestId }) => requestId)).toEqual(['28', '29', '30', '31', '32']);
  });
});

describe('overrides', () => {
  it('serve an exact body for a path, with its query or without', () => {
    const { get, simulator } = signIn();
    const body = '{"totalCost":28.82860766744404945074}';
    simulator.overrides = {
      '/v1/usagesummary': { status: 200, body },
      '/v1/customers?size=1': { status: 429, headers: { 'retry-after': '9' }, body: '' },
    };
    expect(get('/v1/usagesummary?any=thing').body).toBe(body);
    expect(get('/v1/customers?size=1').status).toBe(429);
    expect(bodyOf(get('/v1/customers?size=2')).items).toHaveLength(2);
    expect(simulator.statistics.throttled).toBe(1);
  });
});
