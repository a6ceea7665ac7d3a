import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDeploymentPackage } from '../../scripts/deploymentPackage.ts';
import { timeStartsOf } from '../../scripts/startTime.ts';
import type { BenchFigure, BenchRow } from '../row.ts';
import { makeBarePackage } from '../support/barePackage.ts';
import { medianOf } from '../support/numbers.ts';

const targetMs = 150;
const targetRatio = 1.2;

/** From the start of a process until the functions are registered. */
export const start: BenchRow = {
  name: 'start',
  async measure() {
    const folder = await mkdtemp(join(tmpdir(), 'usage-snapshots-bench-'));
    try {
      const deployed = join(folder, 'package');
      const imports = join(folder, 'imports');
      await makeDeploymentPackage(deployed);
      const packages = await makeBarePackage(imports, deployed);
      const { bundled, bare, unbundled } = await timeStartsOf({
        bundled: deployed,
        bare: imports,
        unbundled: undefined,
      });
      const ratio = medianOf(bundled.map((ms, round) => ms / (bare[round] ?? Number.NaN)));
      return [
        {
          ...describe('bundled', bundled),
          target: `≤ ${targetMs} ms`,
          isMet: medianOf(bundled) <= targetMs,
        },
        {
          what: `the same against a process that only loads the same packages (${packages.join(', ')}), bundled alike`,
          target: `≤ ${targetRatio} ×`,
          measured: `${ratio.toFixed(2)} × (bare ${medianOf(bare).toFixed(0)} ms)`,
          isMet: ratio <= targetRatio,
          details: { ratio, packages, timesMs: bare },
        },
        describe('as built, with its node_modules', unbundled),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

function describe(which: string, timesMs: number[]): BenchFigure {
  return {
    what: `start of a process to registered functions, ${which}, median of ${timesMs.length}`,
    measured: `${medianOf(timesMs).toFixed(0)} ms`,
    details: { timesMs },
  };
}
