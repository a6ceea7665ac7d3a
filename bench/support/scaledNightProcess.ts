import { createApp } from '../../src/app/app.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';
import { answerCalls } from './answerCalls.ts';
import { createScaledClock, type TimeScale } from './scaledClock.ts';

/**
 * A timer's run as a process with a faster clock. The settings are in the environment, as the
 * product's are.
 */

export type Timer = 'nightly' | 'catchUp';

export interface TimerResult {
  runs: SnapshotRun[];
  /** When it was done, by the clock. */
  endedAtMs: number;
  /** Peak memory of the process, in bytes. */
  peakBytes: number;
}

async function runTimer(timer: Timer, scale: TimeScale): Promise<TimerResult> {
  const clock = createScaledClock(scale);
  const app = createApp(loadConfig(), { emit() {} }, clock);
  try {
    const results =
      timer === 'nightly'
        ? [await app.runSnapshot({ trigger: 'timer' })]
        : await app.runCatchUp(new AbortController().signal);
    return {
      runs: results.flatMap((result) => (result.isBusy ? [] : [result.run])),
      endedAtMs: clock.now(),
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    await app.close();
  }
}

const methods = {
  /** Answered once everything is loaded, so that the clock need not begin before. */
  ready: () => true,
  runTimer,
};
export type ScaledNightMethods = typeof methods;
answerCalls(methods);
