import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../../src/partner-center/gate.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const minuteMs = 60_000;

function gateOf(options: { concurrency?: number; limitedPerMinute?: number; maxPauseMs?: number }) {
  const clock = new VirtualClock();
  const gate = new Gate({ concurrency: 4, limitedPerMinute: 0, clock, ...options });
  return { clock, gate };
}

describe('the gate', () => {
  it('lets through no more requests at once than its bound', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 }),
        async (concurrency, latenciesMs) => {
          const { clock, gate } = gateOf({ concurrency });
          let inFlight = 0;
          let max = 0;
          const visited: number[] = [];
          const requests = latenciesMs.map((latencyMs, index) =>
            gate.run(async () => {
              max = Math.max(max, ++inFlight);
              await clock.sleep(latencyMs);
              inFlight--;
              visited.push(index);
            }),
          );
          await clock.run(Promise.all(requests));
          expect(max).toBeLessThanOrEqual(concurrency);
          expect(max).toBe(Math.min(concurrency, latenciesMs.length));
          expect(visited.toSorted((a, b) => a - b)).toEqual(latenciesMs.map((_, index) => index));
        },
      ),
    );
  });

  it('begins no more limited requests within any minute than their budget', async () => {
    const { clock, gate } = gateOf({ concurrency: 16, limitedPerMinute: 10 });
    const startsMs: number[] = [];
    const requests = Array.from({ length: 45 }, () =>
      gate.run(
        async () => {
          startsMs.push(clock.now());
          await clock.sleep(700);
        },
        { isLimited: true },
      ),
    );
    await clock.run(Promise.all(requests));
    expect(startsMs).toHaveLength(45);
    for (const [index, startMs] of startsMs.entries()) {
      const inWindow = startsMs.slice(index).filter((ms) => ms < startMs + minuteMs);
      expect(inWindow.length).toBeLessThanOrEqual(10);
    }
  });

  it('lets other requests pass while limited ones wait for their budget', async () => {
    const { clock, gate } = gateOf({ limitedPerMinute: 1 });
    const order: string[] = [];
    const done = Promise.all([
      gate.run(async () => void order.push('limited 1'), { isLimited: true }),
      gate.run(async () => void order.push('limited 2'), { isLimited: true }),
      gate.run(async () => void order.push('free')),
    ]);
    await clock.run(done);
    expect(order).toEqual(['limited 1', 'free', 'limited 2']);
  });

  it('lets requests in in the order in which they came, limited or not', async () => {
    const { clock, gate } = gateOf({ concurrency: 1, limitedPerMinute: 10 });
    const order: number[] = [];
    const requests = [true, false, true, false, false, true].map((isLimited, place) =>
      gate.run(async () => void order.push(place), { isLimited }),
    );
    await clock.run(Promise.all(requests));
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes nothing from the budget of limited requests for others', async () => {
    const { clock, gate } = gateOf({ limitedPerMinute: 1 });
    const beganMs = clock.now();
    await gate.run(async () => {});
    await clock.run(gate.run(async () => {}, { isLimited: true }));
    expect(clock.now()).toBe(beganMs);
  });

  it('pauses everybody until the time that a 429 names', async () => {
    const { clock, gate } = gateOf({ concurrency: 2 });
    const beganMs = clock.now();
    await gate.run(async (entry) => gate.throttle(entry, 57_000));
    const startsMs: number[] = [];
    const requests = Array.from({ length: 5 }, () =>
      gate.run(async () => void startsMs.push(clock.now())),
    );
    await clock.advance(56_999);
    expect(startsMs).toEqual([]);
    await clock.run(Promise.all(requests));
    expect(startsMs).toEqual(Array(5).fill(beganMs + 57_000));
  });

  it('is paused until the latest time that was named, whatever other answers 429 say', async () => {
    const { clock, gate } = gateOf({ concurrency: 1 });
    const beganMs = clock.now();
    for (const retryAfterMs of [undefined, 57_000, undefined, 10_000, undefined]) {
      gate.throttle(1, retryAfterMs);
    }
    await clock.run(gate.run(async () => {}));
    expect(clock.now() - beganMs).toBe(57_000);
  });

  it('rejects no request for a pause that is over', async () => {
    const { clock, gate } = gateOf({});
    const beganMs = clock.now();
    gate.throttle(1, 1_000);
    await clock.advance(1_000);
    await expect(gate.run(async () => 'in', { waitUntilMs: beganMs })).resolves.toBe('in');
  });

  it('halves its bound once for all requests that were under way, and grows again', async () => {
    const { clock, gate } = gateOf({ concurrency: 16 });
    const throttled = Array.from({ length: 16 }, () =>
      gate.run(async (entry) => {
        await clock.sleep(10);
        gate.throttle(entry, undefined);
      }),
    );
    await clock.run(Promise.all(throttled));
    expect(gate.bound).toBe(8);
    await gate.run(async (entry) => gate.throttle(entry, undefined));
    expect(gate.bound).toBe(4);
    for (let request = 0; request < 16 * 16 * 16; request++) await gate.run(async () => {});
    expect(gate.bound).toBe(16);
  });

  it('is soon back near the bound at which a 429 came, and slow to go beyond it', async () => {
    const { gate } = gateOf({ concurrency: 20 });
    const answersUntil = async (bound: number) => {
      let answers = 0;
      for (; gate.bound < bound; answers++) await gate.run(async () => {});
      return answers;
    };
    await gate.run(async (entry) => gate.throttle(entry, undefined));
    expect(gate.bound).toBe(10);
    const back = await answersUntil(16);
    const beyond = await answersUntil(20);
    expect(back).toBeLessThan(20 * 20);
    expect(beyond).toBeGreaterThan(5 * back);
  });

  it('does not grow by answers that are no good', async () => {
    const { gate } = gateOf({ concurrency: 4 });
    await gate.run(async (entry) => gate.throttle(entry, undefined));
    const answer = (status: number) =>
      gate.run(async () => status, { isGood: (result) => result < 500 });
    for (let answers = 0; answers < 200; answers++) await answer(503);
    expect(gate.bound).toBe(2);
    for (let answers = 0; answers < 200; answers++) await answer(200);
    expect(gate.bound).toBe(4);
  });

  it('does not grow by answers to requests that were under way when a 429 came', async () => {
    const answersToGrow = async (underWay: number) => {
      const { clock, gate } = gateOf({ concurrency: 4 });
      const refuse = async (entry: number) => {
        await clock.sleep(1);
        gate.throttle(entry, undefined);
      };
      const throttled = gate.run(refuse, { isGood: () => false });
      const others = Array.from({ length: underWay }, () => gate.run(() => clock.sleep(2)));
      await clock.run(Promise.all([throttled, ...others]));
      let answers = 0;
      for (; gate.bound < 3; answers++) await gate.run(async () => {});
      return answers;
    };
    expect(await answersToGrow(1)).toBe(await answersToGrow(0));
    expect(await answersToGrow(3)).toBe(await answersToGrow(0));
  });

  it('never closes: its bound stays at one or more', async () => {
    const { gate } = gateOf({ concurrency: 4 });
    for (let answer = 0; answer < 10; answer++) {
      await gate.run(async (entry) => gate.throttle(entry, undefined));
    }
    expect(gate.bound).toBe(1);
  });

  it('gives back its place when a request fails', async () => {
    const { gate } = gateOf({ concurrency: 1 });
    await expect(gate.run(() => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
    await expect(gate.run(async () => 'through')).resolves.toBe('through');
  });

  it('forgets a request that is given up while it waits', async () => {
    const { clock, gate } = gateOf({ concurrency: 1 });
    const abort = new AbortController();
    const open = gate.run(() => clock.sleep(100));
    const waiting = gate.run(async () => 'never', { signal: abort.signal });
    const last = gate.run(async () => 'last');
    abort.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    await clock.run(open);
    await expect(last).resolves.toBe('last');
  });

  it('keeps everybody else’s place when a request is given up just as it is let in', async () => {
    const { clock, gate } = gateOf({ concurrency: 1 });
    const abort = new AbortController();
    const first = gate.run(async () => 'first', { signal: abort.signal });
    const second = gate.run(async () => 'second');
    abort.abort();
    expect(await clock.run(Promise.all([first, second]))).toEqual(['first', 'second']);
  });

  it('leaves nothing behind at a signal that outlives its requests', async () => {
    const { gate } = gateOf({});
    const { signal } = new AbortController();
    await gate.run(async () => {}, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('leaves no timer behind when nobody waits any more', async () => {
    const { clock, gate } = gateOf({ concurrency: 1 });
    const abort = new AbortController();
    await gate.run(async (entry) => gate.throttle(entry, 60_000));
    const waiting = gate.run(async () => {}, { signal: abort.signal });
    expect(clock.sleeping).toBe(1);
    abort.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    expect(clock.sleeping).toBe(0);
  });

  it('tells at once who cannot wait for the end of a pause, and lets the others wait', async () => {
    const { clock, gate } = gateOf({ concurrency: 2, maxPauseMs: 60_000 });
    const beganMs = clock.now();
    const isWaiting = (waitUntilMs: number | undefined, isLimited = false) =>
      gate.run(async () => clock.now() - beganMs, { waitUntilMs, isLimited });
    const expected = { name: 'ApiPausedError', pauseMs: 600_000 };
    const open = [gate.run(() => clock.sleep(5)), gate.run(() => clock.sleep(5))];
    const short = [isWaiting(beganMs + 599_999), isWaiting(beganMs, true), isWaiting(undefined)];
    const long = [isWaiting(beganMs + 600_000), isWaiting(beganMs + 3_600_000, true)];
    gate.throttle(1, 600_000);
    const tooLate = isWaiting(beganMs + 1000);
    for (const each of [...short, tooLate]) await expect(each).rejects.toMatchObject(expected);
    expect(clock.now()).toBe(beganMs);
    await clock.run(Promise.all(open));
    expect(await clock.run(Promise.all(long))).toEqual([600_000, 600_000]);
  });

  it('takes no pause for longer than six hours, whatever a 429 says', async () => {
    const { clock, gate } = gateOf({});
    const beganMs = clock.now();
    await gate.run(async (entry) => gate.throttle(entry, Number.POSITIVE_INFINITY));
    const request = gate.run(async () => clock.now() - beganMs, { waitUntilMs: beganMs * 2 });
    expect(await clock.run(request)).toBe(6 * 60 * minuteMs);
  });
});
