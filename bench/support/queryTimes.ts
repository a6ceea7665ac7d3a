import type { BenchFigure } from '../row.ts';
import { medianOf } from './numbers.ts';

export interface TimedQuery {
  what: string;
  targetMs: number;
  /** Of the whole query to the bare loop. */
  targetRatio: number;
  /** All of it. */
  query: () => Promise<unknown>;
  /** What it reads of the tables, alone. */
  reading: () => Promise<unknown>;
  /** The same rows and columns, read by a bare loop over the SDK. */
  bare: () => Promise<unknown>;
}

const warmUpRounds = 10;
const rounds = 30;

/**
 * Times a query, its reading and a bare loop in turn, so that a busy moment of the machine affects
 * all of them.
 */
export async function timeQuery(timed: TimedQuery): Promise<BenchFigure[]> {
  const whole: number[] = [];
  const reading: number[] = [];
  const bare: number[] = [];
  for (let round = -warmUpRounds; round < rounds; round++) {
    const [wholeMs, readingMs] = [await timeOf(timed.query), await timeOf(timed.reading)];
    const bareMs = await timeOf(timed.bare);
    if (round < 0) continue;
    whole.push(wholeMs);
    reading.push(readingMs);
    bare.push(bareMs);
  }
  const ratio = medianOf(whole.map((ms, round) => ms / (bare[round] ?? Number.NaN)));
  return [
    {
      ...describe(`${timed.what}: median, least and 95 %`, whole),
      target: `≤ ${timed.targetMs} ms`,
      isMet: medianOf(whole) <= timed.targetMs,
    },
    {
      what: 'the same against a bare loop over the SDK that reads the same rows and columns',
      target: `≤ ${timed.targetRatio} ×`,
      measured: `${ratio.toFixed(2)} × (bare ${describeTimes(bare)})`,
      isMet: ratio <= timed.targetRatio,
      details: { ratio, timesMs: bare },
    },
    describe('of that, reading the table', reading),
  ];
}

async function timeOf(query: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await query();
  return performance.now() - startMs;
}

function describe(what: string, timesMs: number[]): BenchFigure {
  return { what, measured: describeTimes(timesMs), details: { timesMs } };
}

/** `12.3 ms (11.0 to 15.6)`: median, least and 95 %. */
function describeTimes(timesMs: readonly number[]): string {
  const sorted = timesMs.toSorted((one, other) => one - other);
  const least = sorted[0] ?? Number.NaN;
  const slowest = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? Number.NaN;
  return `${medianOf(timesMs).toFixed(1)} ms (${least.toFixed(1)} to ${slowest.toFixed(1)})`;
}
