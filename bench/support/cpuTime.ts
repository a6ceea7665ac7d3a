import { medianOf } from './numbers.ts';

/** CPU time of this process, user and system together, all threads, while `work` was done. */
export async function measureCpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The CPU time of two processes for the same work. */
export interface Comparison {
  /** Median of the rounds' ratios, ours to the other's. */
  ratio: number;
  /** Least and largest ratio of a round. */
  ratios: { least: number; largest: number };
  /** Medians of the rounds. */
  oursMs: number;
  othersMs: number;
  rounds: number;
}

/** Rounds before those that count: a process gets faster for a while. */
const warmUpRounds = 5;
const rounds = 15;

/**
 * Compares the CPU time of two processes that do the same, round by round and in turn, so that a
 * busy moment of the machine affects both.
 */
export async function compareCpu(
  ours: () => Promise<number>,
  others: () => Promise<number>,
): Promise<Comparison> {
  const own: number[] = [];
  const other: number[] = [];
  for (let round = -warmUpRounds; round < rounds; round++) {
    // The first of a pair takes turns as well.
    const pair = round % 2 === 0 ? [ours, others] : [others, ours];
    const times = new Map<() => Promise<number>, number>();
    for (const side of pair) times.set(side, await side());
    if (round < 0) continue;
    own.push(times.get(ours) ?? Number.NaN);
    other.push(times.get(others) ?? Number.NaN);
  }
  const ratios = own.map((ms, round) => ms / (other[round] ?? Number.NaN));
  return {
    ratio: medianOf(ratios),
    ratios: { least: Math.min(...ratios), largest: Math.max(...ratios) },
    oursMs: medianOf(own),
    othersMs: medianOf(other),
    rounds,
  };
}
