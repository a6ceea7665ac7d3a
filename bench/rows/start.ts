import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDeploymentPackage } from '../../scripts/deploymentPackage.ts';
import { timeStarts } from '../../scripts/startTime.ts';
import type { BenchFigure, BenchRow } from '../row.ts';
import { medianOf } from '../support/numbers.ts';

const targetMs = 150;

/** From the start of a process until the functions are registered. */
export const start: BenchRow = {
  name: 'start',
  async measure() {
    const folder = await mkdtemp(join(tmpdir(), 'usage-snapshots-bench-'));
    try {
      const deployed = join(folder, 'package');
      await makeDeploymentPackage(deployed);
      const { bundled, unbundled } = await timeStarts(deployed);
      return [
        {
          ...describe('bundled', bundled),
          target: `≤ ${targetMs} ms`,
          isMet: medianOf(bundled) <= targetMs,
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
