import type { BenchFigure } from '../row.ts';
import { medianOf } from './numbers.ts';

export interface TimedQuery {
  what: string;
  targetMs: number;
  /** All of it. */
  query: () => Promise<unknown>;
  /** What it reads of the tables, alone. */
  reading: () => Promise<unknown>;
}

const warmUpRounds = 10;
const rounds = 30;

/** Times a query and its reading in turn, so that a busy moment of the machine affects both. */
export async function timeQuery(timed: TimedQuery): Promise<BenchFigure[]> {
  const whole: number[] = [];
  const reading: number[] = [];
  for (let round = -warmUpRounds; round < rounds; round++) {
    const [wholeMs, readingMs] = [await timeOf(timed.query), await timeOf(timed.reading)];
    if (round < 0) continue;
    whole.push(wholeMs);
    reading.push(readingMs);
  }
  return [
    {
      ...describe(`${timed.what}: median, least and 95 %`, whole),
      target: `≤ ${timed.targetMs} ms`,
      isMet: medianOf(whole) <= timed.targetMs,
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
  const sorted = timesMs.toSorted((one, other) => one - other);
  const least = sorted[0] ?? Number.NaN;
  const slowest = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? Number.NaN;
  const median = medianOf(timesMs).toFixed(1);
  return {
    what,
    measured: `${median} ms (${least.toFixed(1)} to ${slowest.toFixed(1)})`,
    details: { timesMs },
  };
}
