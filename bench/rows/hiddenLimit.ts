import type { BenchFigure, BenchRow } from '../row.ts';
import { describeThroughput, fullMinutes, sumOf } from '../support/minutes.ts';
import { formatCount } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';
import { ScaledPartner } from '../support/scaledPartner.ts';

interface Condition {
  limitPerMinute: number;
  latencyMs: number;
}

/** From a limit that one request at a time uses up, to one that needs half of all places. */
const conditions: readonly Condition[] = [
  { limitPerMinute: 300, latencyMs: 100 },
  { limitPerMinute: 500, latencyMs: 100 },
  { limitPerMinute: 1_000, latencyMs: 100 },
  { limitPerMinute: 500, latencyMs: 1_000 },
];
/** The product's own default. */
const concurrency = 16;
const startMs = Date.parse('2026-03-10T02:30:30Z');
const durationMs = 12 * 60_000;

/** Calls with an undocumented limit, which shows only in answers 429. */
export const hiddenLimit: BenchRow = {
  name: 'hidden-limit',
  async measure() {
    const figures: BenchFigure[] = [];
    for (const condition of conditions) figures.push(await measureUnder(condition));
    return figures;
  },
};

function measureUnder({ limitPerMinute, latencyMs }: Condition): Promise<BenchFigure> {
  return Processes.with(async (processes) => {
    const partner = new ScaledPartner(processes, {
      factor: 20,
      customers: 500,
      subscriptionsPerCustomer: 1,
      latencyMs,
      limitSteps: [{ fromMs: 0, limits: { hiddenPerMinute: limitPerMinute } }],
    });
    const options = { concurrency, durationMs, sampleMs: durationMs };
    const { answered, failed } = await partner.makeCalls(startMs, options);
    const { minutes, meanLatencyMs } = await partner.report();
    const full = fullMinutes(minutes);
    const share = sumOf(full, 'admitted') / full.length / limitPerMinute;
    const throttled = sumOf(minutes, 'throttled');
    const answers = throttled + sumOf(minutes, 'admitted');
    return {
      what: `a hidden limit of ${formatCount(limitPerMinute)} a minute, answers in ${formatCount(latencyMs)} ms`,
      target: '≥ 0.85 of the limit, < 3 % answered 429',
      measured: describeThroughput(share, throttled, answers),
      isMet: share >= 0.85 && throttled < 0.03 * answers && failed === 0,
      details: {
        concurrency,
        share,
        answers,
        throttled,
        answered,
        failed,
        meanLatencyMs,
        admittedByMinute: minutes.map(({ admitted }) => admitted),
      },
    };
  });
}
