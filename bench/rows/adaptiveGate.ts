import { writeFile } from 'node:fs/promises';
import type { BenchFigure, BenchRow } from '../row.ts';
import { drawGateCourse } from '../support/gateChart.ts';
import { describeThroughput, sumOf } from '../support/minutes.ts';
import { formatCount } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';
import type { GateSample } from '../support/scaledCallsProcess.ts';
import { ScaledPartner } from '../support/scaledPartner.ts';
import type { MinuteCounts } from '../support/watchedSimulator.ts';

const fullLimit = 1_500;
const limits = [fullLimit, fullLimit / 2, fullLimit];
const phaseMs = 12 * 60_000;
const startMs = Date.parse('2026-03-10T02:30:00Z');
/** Slow enough that the full limit needs ten requests in flight. */
const latencyMs = 400;
/** The product's own default. */
const concurrency = 16;
const picture = new URL('../../docs/adaptive-gate.svg', import.meta.url);

/** An undocumented limit that changes during the run: halved, and restored. Draws a chart. */
export const adaptiveGate: BenchRow = {
  name: 'adaptive-gate',
  measure: () =>
    Processes.with(async (processes) => {
      const partner = new ScaledPartner(processes, {
        factor: 20,
        customers: 500,
        subscriptionsPerCustomer: 1,
        latencyMs,
        limitSteps: limits.map((hiddenPerMinute, phase) => ({
          fromMs: startMs + phase * phaseMs,
          limits: { hiddenPerMinute },
        })),
      });
      const durationMs = limits.length * phaseMs;
      const options = { concurrency, durationMs, sampleMs: 5_000 };
      const { samples, failed } = await partner.makeCalls(startMs, options);
      const minutes = (await partner.report()).minutes.filter(
        (minute) => minute.startMs < startMs + durationMs,
      );
      await draw(minutes, samples);
      return limits.map((limit, phase) => describe(limit, phase, { minutes, samples, failed }));
    }),
};

async function draw(minutes: MinuteCounts[], samples: GateSample[]): Promise<void> {
  const [full, halved] = limits.map(formatCount);
  const course = {
    title: 'The gate and an undocumented limit',
    subtitle: `Simulated Partner Center, answers in ${latencyMs} ms, up to ${concurrency} requests in flight; limit ${full} a minute, then ${halved}, then ${full}`,
    startMs,
    minutes,
    samples,
  };
  await writeFile(picture, drawGateCourse(course));
}

function describe(
  limit: number,
  phase: number,
  { minutes, samples, failed }: { minutes: MinuteCounts[]; samples: GateSample[]; failed: number },
): BenchFigure {
  const fromMs = startMs + phase * phaseMs;
  const own = minutes.filter(
    (minute) => minute.startMs >= fromMs && minute.startMs < fromMs + phaseMs,
  );
  const bounds = samples
    .filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + phaseMs)
    .map(({ bound }) => bound);
  const share = sumOf(own, 'admitted') / own.length / limit;
  const throttled = sumOf(own, 'throttled');
  const answers = throttled + sumOf(own, 'admitted');
  return {
    what: `a hidden limit of ${formatCount(limit)} a minute, from minute ${(phase * phaseMs) / 60_000} on`,
    target: '≥ 0.85 of the limit, < 3 % answered 429',
    measured: describeThroughput(share, throttled, answers),
    isMet: share >= 0.85 && throttled < 0.03 * answers && failed === 0,
    details: {
      share,
      answers,
      throttled,
      failed,
      bounds: { least: Math.min(...bounds), largest: Math.max(...bounds) },
      admittedByMinute: own.map(({ admitted }) => admitted),
      throttledByMinute: own.map((minute) => minute.throttled),
    },
  };
}
