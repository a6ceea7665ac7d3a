import { availableParallelism } from 'node:os';
import type { BenchRow } from '../row.ts';
import { formatCount } from '../support/numbers.ts';
import { runProgram } from '../support/program.ts';

const nights = 1_000;
const firstSeed = 1;

/** Seeded nights with faults of the API, the storage and processes, and their rules. */
export const faults: BenchRow = {
  name: 'faults',
  async measure() {
    const parts = Math.min(availableParallelism(), 8);
    const each = Math.ceil(nights / parts);
    const ends = await Promise.all(
      Array.from({ length: parts }, (_, part) => {
        const runs = Math.min(each, nights - part * each);
        return live(runs, firstSeed + part * each);
      }),
    );
    const violations = ends.reduce((sum, end) => sum + end.violations, 0);
    const seeds = new Set(ends.flatMap(({ summary }) => summary.flatMap(seedOf)));
    return [
      {
        what: `requests lost, rows doubled, figures wrong, over ${formatCount(nights)} seeded fault nights (seeds ${firstSeed} to ${firstSeed + nights - 1})`,
        target: '0',
        measured:
          violations === 0 ? '0' : `${formatCount(violations)} (seeds ${[...seeds].join(', ')})`,
        isMet: violations === 0,
        details: { violations, summaries: ends.map(({ summary }) => summary) },
      },
    ];
  },
};

/** A line that reports a violation. */
function seedOf(line: string): string[] {
  return /^violation, seed (\d+)/.exec(line)?.slice(1) ?? [];
}

async function live(
  runs: number,
  seed: number,
): Promise<{ violations: number; summary: string[] }> {
  const args = ['--runs', String(runs), '--seed', String(seed)];
  const { stdout, stderr } = await runProgram(['test/simulation/main.ts', ...args]);
  const summary = stdout.trimEnd().split('\n');
  const [, counted] = /^(\d+) violations$/.exec(summary.at(-1) ?? '') ?? [];
  // Exit code 1 means violations, which are a result if they were counted.
  if (counted === undefined) throw new Error(`expected a count of violations, got ${stderr}`);
  return { violations: Number(counted), summary };
}
