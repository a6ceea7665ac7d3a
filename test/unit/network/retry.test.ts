import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FatalError, RetriableError } from '../../../src/errors.ts';
import { computeRetryDelayMs, defaultRetryPolicy, withRetry } from '../../../src/network/retry.ts';
import { parseRetryAfter, retryAfterOf } from '../../../src/network/retryAfter.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const fraction = fc.double({ min: 0, max: 0.999_999, noNaN: true });

describe('the delay before another try', () => {
  it('is never less than what Retry-After asks for, and at most a second more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 3_600_000 }),
        fraction,
        (attempt, retryAfterMs, random) => {
          const delayMs = computeRetryDelayMs(attempt, retryAfterMs, random);
          expect(delayMs).toBeGreaterThanOrEqual(retryAfterMs);
          expect(delayMs).toBeLessThan(retryAfterMs + 1000);
        },
      ),
    );
  });

  it('is nothing after Retry-After: 0', () => {
    expect(computeRetryDelayMs(5, 0, 0.99)).toBe(0);
  });

  it('is spread over a range that doubles with each try, up to its limit', () => {
    const longest = [1, 2, 3, 4, 20].map((attempt) => computeRetryDelayMs(attempt, undefined, 1));
    expect(longest).toEqual([500, 1000, 2000, 4000, 60_000]);
    expect(computeRetryDelayMs(4, undefined, 0)).toBe(0);
    expect(computeRetryDelayMs(4, undefined, 0.5)).toBe(2000);
  });
});

describe('Retry-After', () => {
  const nowMs = Date.parse('2020-01-27T04:02:10Z');

  it.each([
    ['57', 57_000],
    ['0', 0],
    [' 3 ', 3000],
    ['1.25', 1250],
    ['Mon, 27 Jan 2020 04:17:10 GMT', 15 * 60_000],
    ['Mon, 27 Jan 2020 03:00:00 GMT', 0],
  ])('reads %j', (header, expected) => {
    expect(parseRetryAfter(header, nowMs)).toBe(expected);
  });

  it.each([[undefined], [''], ['soon'], ['in 5'], ['-5'], ['2020-01-27'], ['27 Jan 2020'], [[]]])(
    'does not guess at %j',
    (header) => {
      expect(parseRetryAfter(header, nowMs)).toBeUndefined();
    },
  );

  it('takes the first of several', () => {
    expect(parseRetryAfter(['2', '60'], nowMs)).toBe(2000);
  });

  it.each([
    [{ 'retry-after': '57' }, 57_000],
    [{ 'retry-after': '57', 'retry-after-ms': '1500' }, 1500],
    [{ 'retry-after': '57', 'x-ms-retry-after-ms': '20.25' }, 21],
    [{ 'retry-after': '57', 'retry-after-ms': 'soon' }, 57_000],
    [{ 'retry-after': '57', 'retry-after-ms': 'in 5' }, 57_000],
    [{ 'retry-after': '57', 'retry-after-ms': '5 s' }, 57_000],
    [{}, undefined],
  ])('in milliseconds goes before one in seconds: %j', (headers, expected) => {
    expect(retryAfterOf(headers, nowMs)).toBe(expected);
  });

  it.each([
    ['the answer’s own Date', 'Mon, 27 Jan 2020 04:00:00 GMT', 10 * 60_000],
    ['our clock where that cannot be read', 'today', 7 * 60_000 + 50_000],
    ['our clock where there is none', undefined, 7 * 60_000 + 50_000],
  ])('as a date counts from %s', (_from, date, expected) => {
    const headers = { date, 'retry-after': 'Mon, 27 Jan 2020 04:10:00 GMT' };
    expect(retryAfterOf(headers, nowMs)).toBe(expected);
  });
});

describe('trying again', () => {
  const options = () => ({ clock: new VirtualClock(), random: () => 0.5 });

  it('returns the first success, and waits in between', async () => {
    const { clock, random } = options();
    const beganMs = clock.now();
    const tries: number[] = [];
    const work = withRetry(
      async (attempt) => {
        tries.push(attempt);
        if (attempt === 1) throw new RetriableError('HTTP_429', '', {}, { retryAfterMs: 57_000 });
        if (attempt === 2) throw new RetriableError('HTTP_503', '');
        return 'answer';
      },
      { clock, random },
    );
    await expect(clock.run(work)).resolves.toBe('answer');
    expect(tries).toEqual([1, 2, 3]);
    expect(clock.now() - beganMs).toBe(57_500 + 500);
  });

  it('gives up after the allowed tries with the last error', async () => {
    const { clock, random } = options();
    let tries = 0;
    const work = withRetry(
      () => {
        tries++;
        return Promise.reject(new RetriableError(`TRY_${tries}`, 'no'));
      },
      { clock, random },
    );
    await expect(clock.run(work)).rejects.toMatchObject({ code: 'TRY_8' });
    expect(tries).toBe(defaultRetryPolicy.maxAttempts);
  });

  it('does not begin a wait that goes beyond the allowed total', async () => {
    const { clock, random } = options();
    const beganMs = clock.now();
    const work = withRetry(
      () => Promise.reject(new RetriableError('HTTP_429', '', {}, { retryAfterMs: 700_000 })),
      { clock, random },
    );
    await expect(clock.run(work)).rejects.toMatchObject({ code: 'HTTP_429' });
    expect(clock.now() - beganMs).toBe(700_500);
  });

  it('uses the allowed total up to its last millisecond', async () => {
    const { clock, random } = options();
    const beganMs = clock.now();
    const policy = { ...defaultRetryPolicy, maxTotalWaitMs: 57_500 };
    const work = withRetry(
      () => Promise.reject(new RetriableError('HTTP_429', '', {}, { retryAfterMs: 57_000 })),
      { clock, random, policy },
    );
    await expect(clock.run(work)).rejects.toMatchObject({ code: 'HTTP_429' });
    expect(clock.now() - beganMs).toBe(57_500);
  });

  it('leaves every other error alone', async () => {
    const { clock, random } = options();
    let tries = 0;
    const work = withRetry(
      () => {
        tries++;
        return Promise.reject(new FatalError('900421', 'no MFA'));
      },
      { clock, random },
    );
    await expect(work).rejects.toBeInstanceOf(FatalError);
    expect(tries).toBe(1);
  });

  it('stops waiting when it is aborted', async () => {
    const { clock, random } = options();
    const abort = new AbortController();
    const work = withRetry(
      () => Promise.reject(new RetriableError('HTTP_429', '', {}, { retryAfterMs: 57_000 })),
      { clock, random, signal: abort.signal },
    );
    await clock.advance(1000);
    abort.abort(new Error('deadline'));
    await expect(work).rejects.toThrow('deadline');
  });
});
