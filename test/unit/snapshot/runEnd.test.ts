import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type LastCalls, StopPolicy } from '../../../src/snapshot/stopPolicy.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const minuteMs = 60_000;
const calls = ['rows', 'record', 'lease'] as const;

/** A run of 2026-03-10 that begins at a time of that day and has so many minutes. */
function createPolicy({ start = '02:30', minutes = 50, isCapturing = false } = {}) {
  const clock = new VirtualClock(`2026-03-10T${start}:00Z`);
  const process = new AbortController();
  const policy = new StopPolicy({
    clock,
    snapshotDate: '2026-03-10',
    deadlineAtMs: clock.now() + minutes * minuteMs,
    terminated: process.signal,
  });
  if (isCapturing) policy.beginCapture();
  return { clock, process, policy };
}

/** After how many milliseconds a signal is aborted, tried at each of these. */
async function abortedAt(clock: VirtualClock, signal: AbortSignal, times: readonly number[]) {
  const beganMs = clock.now();
  for (const ms of times) {
    await clock.advance(beganMs + ms - clock.now());
    if (signal.aborted) return ms;
  }
  return undefined;
}

/** Just before an instant, and then. */
const around = (ms: number) => [ms - 1, ms];

describe('a run', () => {
  it('takes customers until its deadline', async () => {
    const { clock, policy } = createPolicy();
    expect(policy.takesCustomersUntilMs).toBe(clock.now() + 50 * minuteMs);
    await clock.advance(50 * minuteMs - 1);
    expect(policy.reason).toBeUndefined();
    await clock.advance(1);
    expect(policy.reason).toBe('the deadline');
  });

  it('takes customers until five minutes before the end of its UTC day', async () => {
    const { clock, policy } = createPolicy({ start: '23:30' });
    expect(policy.takesCustomersUntilMs).toBe(Date.parse('2026-03-10T23:55:00Z'));
    await clock.advance(25 * minuteMs - 1);
    expect(policy.reason).toBeUndefined();
    await clock.advance(1);
    expect(policy.reason).toBe('the end of the UTC day');
  });

  it('ends at its deadline before it has customers, and five minutes after it with them', async () => {
    const before = createPolicy();
    const limits = [...around(50 * minuteMs), ...around(55 * minuteMs)];
    expect(await abortedAt(before.clock, before.policy.signal, limits)).toBe(50 * minuteMs);
    const within = createPolicy({ isCapturing: true });
    expect(await abortedAt(within.clock, within.policy.signal, limits)).toBe(55 * minuteMs);
    expect(within.policy.signal.reason).toMatchObject({
      code: 'RUN_STOPPED',
      reason: 'the deadline',
    });
  });

  it.each([false, true])(
    'ends with its UTC day, whether it has customers: %s',
    async (isCapturing) => {
      const { clock, policy } = createPolicy({ start: '23:30', isCapturing });
      const limits = [...around(25 * minuteMs), ...around(30 * minuteMs)];
      expect(await abortedAt(clock, policy.signal, limits)).toBe(30 * minuteMs);
    },
  );

  it.each([false, true])(
    'ends two seconds after its process is to end, whether it has customers: %s',
    async (isCapturing) => {
      const { clock, policy, process } = createPolicy({ isCapturing });
      expect(policy.isTerminated).toBe(false);
      process.abort();
      expect(policy.isTerminated).toBe(true);
      expect(policy.reason).toBe('the process was to end');
      expect(await abortedAt(clock, policy.signal, around(2_000))).toBe(2_000);
      expect(policy.signal.reason).toMatchObject({ reason: 'the process was to end' });
    },
  );

  it('ends as soon where its process is to end before it begins', async () => {
    const clock = new VirtualClock('2026-03-10T02:30:00Z');
    const policy = new StopPolicy({
      clock,
      snapshotDate: '2026-03-10',
      deadlineAtMs: clock.now() + minuteMs,
      terminated: AbortSignal.abort(),
    });
    expect(await abortedAt(clock, policy.signal, around(2_000))).toBe(2_000);
  });

  it('ends at once, with every call, where its lease is lost', () => {
    for (const isLostBefore of [true, false]) {
      const { policy } = createPolicy({ isCapturing: true });
      const lost = new AbortController();
      const signals = calls.map((each) => policy.callSignal(each));
      if (isLostBefore) lost.abort('lost');
      policy.endWhenLost(lost.signal);
      lost.abort('lost');
      expect(policy.reason).toBe('the lease was lost');
      expect(policy.signal.reason).toBe('lost');
      expect(signals.map(({ reason }) => reason)).toEqual(['lost', 'lost', 'lost']);
      expect(calls.map((each) => policy.callSignal(each).reason)).toEqual(['lost', 'lost', 'lost']);
    }
  });

  it('that ends has one reason, the first', async () => {
    const { clock, policy, process } = createPolicy({ isCapturing: true });
    process.abort();
    await clock.advance(2_000);
    const { reason } = policy.signal;
    const record = policy.callSignal('record');
    await clock.advance(55 * minuteMs);
    expect(policy.signal.reason).toBe(reason);
    expect(record.reason).toMatchObject({ reason: expect.stringContaining('no answer') });
    expect(record.reason.reason).toContain('the process was to end');
  });
});

describe('the last calls of a run', () => {
  it.each([
    ['rows', 1_750],
    ['record', 2_250],
    ['lease', 2_750],
  ] as const)('for its %s end %d ms after everything else', async (name, limitMs) => {
    const { clock, policy } = createPolicy();
    await clock.advance(50 * minuteMs);
    expect(policy.signal.aborted).toBe(true);
    expect(await abortedAt(clock, policy.callSignal(name), around(limitMs))).toBe(limitMs);
  });

  it('are those that begin before its end too where they store captured rows', async () => {
    const outlives = async (name: LastCalls, isCapturing: boolean) => {
      const { clock, policy } = createPolicy({ isCapturing });
      const signal = policy.callSignal(name);
      await clock.advance((isCapturing ? 55 : 50) * minuteMs);
      return policy.signal.aborted && !signal.aborted;
    };
    expect(await outlives('rows', true)).toBe(true);
    expect(await outlives('rows', false)).toBe(false);
    expect(await outlives('record', true)).toBe(false);
    expect(await outlives('lease', true)).toBe(false);
  });
});

it('a run that is over leaves no timer and no listener behind', async () => {
  const { clock, policy, process } = createPolicy();
  const lost = new AbortController();
  policy.endWhenLost(lost.signal);
  expect(getEventListeners(lost.signal, 'abort')).toHaveLength(1);
  policy.dispose();
  await clock.advance(0);
  expect(clock.sleeping).toBe(0);
  expect(getEventListeners(lost.signal, 'abort')).toEqual([]);
  expect(getEventListeners(process.signal, 'abort')).toEqual([]);
});
