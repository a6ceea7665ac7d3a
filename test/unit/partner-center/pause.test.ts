import { describe, expect, it } from 'vitest';
import { type Answer, clientFor, clientOf, customerId, summary } from './clientHarness.ts';

const minuteMs = 60_000;
const paused = (seconds: number): Answer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { statusCode: 429, message: `Rate limit is exceeded. Try again in ${seconds} seconds.` },
});
const served: Answer = { body: summary() };

describe('a 429 that names a time', () => {
  it('ends every request at once where it is longer than a caller can wait, and blames none', async () => {
    const { client, clock, server } = await clientFor(() => paused(3600));
    const ask = () => client.getCustomerUsageSummary(customerId);
    const beganMs = clock.now();
    const work = Promise.allSettled(Array.from({ length: 300 }, ask));
    const outcomes = await clock.run(work);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: { name: 'ApiPausedError', code: 'API_PAUSED' } });
    }
    expect(clock.now()).toBe(beganMs);
    expect(server.requests.length).toBeLessThanOrEqual(4);
    await expect(ask()).rejects.toMatchObject({ pauseMs: 3600_000 });
  });

  it('is waited out by a caller that has the time, beyond what a request waits by itself', async () => {
    const began = new Date('2026-03-10T02:30:00Z').getTime();
    const { client, clock } = await clientOf([paused(2700), paused(600), served], {
      waitUntilMs: began + 60 * minuteMs,
    });
    const work = client.getCustomerUsageSummary(customerId);
    await expect(clock.run(work)).resolves.toMatchObject({ totalCost: '1.5' });
    expect(clock.now() - began).toBe(3300_000);
    expect(client.counts).toMatchObject({ requests: 3, retries: 2, throttled: 2 });
  });

  it('is not waited for where it ends later than the caller can wait', async () => {
    const began = new Date('2026-03-10T02:30:00Z').getTime();
    const { client, clock } = await clientOf([paused(61)], { waitUntilMs: began + minuteMs });
    const work = client.getCustomerUsageSummary(customerId);
    await expect(clock.run(work)).rejects.toMatchObject({ name: 'ApiPausedError' });
    expect(clock.now()).toBe(began);
  });

  it('fails no customer by coming again and again while nobody is served', async () => {
    const answers = [...Array.from({ length: 40 }, () => paused(30)), served];
    const { client, clock } = await clientOf(answers, { concurrency: 1 });
    const work = Promise.all([1, 2, 3].map(() => client.getCustomerUsageSummary(customerId)));
    await expect(clock.run(work)).resolves.toHaveLength(3);
    expect(client.counts.throttled).toBe(40);
  });

  it('fails a request at last, also where nobody else is served', async () => {
    const { client, clock } = await clientOf([paused(1)]);
    const work = client.getCustomerUsageSummary(customerId);
    const error = { name: 'RetriableError', code: 'HTTP_429' };
    await expect(clock.run(work)).rejects.toMatchObject(error);
    expect(client.counts.requests).toBe(58);
  });

  it('of one customer alone pauses the others no more than eight times', async () => {
    const { client, clock } = await clientFor(({ url }) =>
      url?.includes('bad') ? paused(60) : served,
    );
    const beganMs = clock.now();
    const bad = client.getCustomerUsageSummary('bad');
    bad.catch(() => {});
    const others = async () => {
      for (let asked = 0; asked < 200; asked++) await client.getCustomerUsageSummary(customerId);
    };
    await clock.run(Promise.all([bad.catch(() => {}), others()]));
    await expect(bad).rejects.toMatchObject({ code: 'HTTP_429' });
    expect(clock.now() - beganMs).toBeLessThan(10 * minuteMs);
  });

  it('uses up none of the waiting of a request, also where others are served meanwhile', async () => {
    let left = 4;
    const { client, clock } = await clientFor(({ url }) =>
      url?.includes('bad') && left-- > 0 ? paused(900) : served,
    );
    const others = async () => {
      for (let asked = 0; asked < 200; asked++) await client.getCustomerUsageSummary(customerId);
    };
    const [found] = await clock.run(Promise.all([client.getCustomerUsageSummary('bad'), others()]));
    expect(found).toMatchObject({ totalCost: '1.5' });
    expect(client.counts.throttled).toBe(4);
  });

  it('in milliseconds is waited for to the millisecond', async () => {
    const headers = { 'retry-after-ms': '1500', 'retry-after': '60' };
    const { client, clock } = await clientOf([{ status: 429, headers }, served]);
    const beganMs = clock.now();
    await clock.run(client.getCustomerUsageSummary(customerId));
    expect(clock.now() - beganMs).toBe(1500);
  });

  it.each<[string, Answer]>([
    ['no time', { status: 429 }],
    ['0 seconds', paused(0)],
  ])('or %s is tried eight times', async (_time, answer) => {
    const { client, clock } = await clientOf([answer]);
    const work = client.getCustomerUsageSummary(customerId);
    await expect(clock.run(work)).rejects.toMatchObject({ name: 'RetriableError' });
    expect(client.counts.requests).toBe(8);
  });
});

describe('a 503 that names a time', () => {
  it('holds up its own request alone', async () => {
    const answer = { status: 503, headers: { 'retry-after': '600' } };
    const seen = new Set<string>();
    const { client, clock } = await clientFor(({ url = '' }) => {
      const isFirst = url.includes('bad') && !seen.has(url);
      seen.add(url);
      return isFirst ? answer : served;
    });
    const beganMs = clock.now();
    const bad = client.getCustomerUsageSummary('bad');
    await expect.poll(() => clock.sleeping).toBe(1);
    await client.getCustomerUsageSummary(customerId);
    expect(clock.now()).toBe(beganMs);
    await clock.run(bad);
    expect(clock.now() - beganMs).toBeGreaterThanOrEqual(600_000);
  });
});

describe('a caller’s own retry policy', () => {
  it('bounds the tries', async () => {
    const retryPolicy = { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1, maxTotalWaitMs: 10 };
    const { client, clock } = await clientOf([{ status: 503 }], { retryPolicy });
    const work = client.getCustomerUsageSummary(customerId);
    await expect(clock.run(work)).rejects.toMatchObject({ code: 'HTTP_503' });
    expect(client.counts.requests).toBe(2);
  });
});

describe('a signal that aborts', () => {
  it.each<[string, Answer, number]>([
    ['in a pause', paused(600), 1],
    ['between two tries', { status: 503, headers: { 'retry-after': '600' } }, 1],
    ['while an answer is awaited', { instead: () => {} }, 0],
  ])('ends a request at once %s', async (_when, answer, sleeping) => {
    const abort = new AbortController();
    const { client, clock, server } = await clientOf([answer], { signal: abort.signal });
    const beganMs = clock.now();
    const work = client.getCustomerUsageSummary(customerId);
    work.catch(() => {});
    await expect.poll(() => server.requests.length).toBe(1);
    await expect.poll(() => clock.sleeping).toBe(sleeping);
    abort.abort(new Error('stopped'));
    await expect(work).rejects.toThrow('stopped');
    expect(clock.now()).toBe(beganMs);
    expect(clock.sleeping).toBe(0);
  });
});
