import { createApp } from '../../src/app/app.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createEventLog } from '../../src/telemetry/eventLog.ts';
import type { SnapshotRun } from '../../src/usage/snapshotRun.ts';
import { answerCalls } from './answerCalls.ts';
import { createScaledClock, type TimeScale } from './scaledClock.ts';

/** The work of the timers, as a process that measures it. The settings are in its environment. */

/**
 * The nightly run; the catch-up, of a day that is complete; all customers of that day once more, as
 * on the last day of their billing periods.
 */
export type NightWork = 'night' | 'check' | 'again';

export interface CountedWork {
  run?: SnapshotRun | undefined;
  /** From the timer's call to its end, once everything is loaded. */
  durationMs: number;
  /** Lines of events by name, and their bytes without what the log adds to a line. */
  lines: Record<string, { lines: number; bytes: number }>;
  /** Peak memory of the process so far, in bytes. */
  peakBytes: number;
}

async function doWork(work: NightWork, scale: TimeScale): Promise<CountedWork> {
  const lines: CountedWork['lines'] = {};
  const events = createEventLog((_level, line) => {
    const { event } = JSON.parse(line);
    lines[event] ??= { lines: 0, bytes: 0 };
    lines[event].lines++;
    lines[event].bytes += Buffer.byteLength(line);
  });
  const startMs = performance.now();
  const app = createApp(loadConfig(), events, createScaledClock(scale));
  try {
    const [result] =
      work === 'check'
        ? await app.runCatchUp(new AbortController().signal)
        : [await app.runSnapshot({ trigger: 'timer', isForced: work === 'again' })];
    return {
      run: result?.isBusy === false ? result.run : undefined,
      durationMs: performance.now() - startMs,
      lines,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    await app.close();
  }
}

const methods = {
  /** Answered once everything is loaded. */
  ready: () => true,
  do: doWork,
};
export type CountedNightMethods = typeof methods;
answerCalls(methods);
