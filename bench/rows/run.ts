import type { BenchFigure, BenchRow } from '../row.ts';
import { formatCount, formatSeconds } from '../support/numbers.ts';
import { Processes } from '../support/processes.ts';
import {
  compareWithScript,
  describeWork,
  type Load,
  ratioOf,
  sequential,
  startPartnerFor,
  timeWork,
} from '../support/timedWork.ts';

const answers = { subscriptionsPerCustomer: 2, latencyMs: 100 };
/**
 * The default concurrency, and a higher one at which the product's own work has more weight; with
 * as many customers as take about the same time.
 */
const loads: Load[] = [
  { ...answers, customers: 500, concurrency: 16 },
  { ...answers, customers: 2_000, concurrency: 64 },
];
const rounds = 5;
/** By how much the product's ratio to the ideal may be above the script's. */
const tolerance = 0.01;
const sequentialLoad: Load = { ...answers, customers: 20, concurrency: 1 };
const sequentialScale = 100;

/** Time of a night's run compared with the ideal, and with simple scripts for the same work. */
export const run: BenchRow = {
  name: 'run',
  async measure() {
    const figures: BenchFigure[] = [];
    for (const load of loads) {
      const { product, script } = await compareWithScript(load, rounds);
      figures.push(
        {
          ...describeWork('a run', load, product),
          target: `≤ the script’s + ${tolerance}`,
          isMet: ratioOf(product) <= ratioOf(script) + tolerance,
        },
        describeWork('a script with fetch and p-limit', load, script),
      );
    }
    return [...figures, await measureSequential()];
  },
};

/** Measured with fewer customers, and multiplied. */
function measureSequential(): Promise<BenchFigure> {
  return Processes.with(async (processes) => {
    const partner = await startPartnerFor(sequentialLoad, processes);
    const work = await timeWork(sequential, sequentialLoad, partner);
    const { customers } = sequentialLoad;
    const durationMs = work.durationMs * sequentialScale;
    const idealMs = (work.idealMs * sequentialScale) / 16;
    return {
      what: `one call after the other, of ${customers} customers, by ${sequentialScale}: of ${formatCount(customers * sequentialScale)}`,
      measured: `${formatSeconds(durationMs)}, ${(durationMs / idealMs).toFixed(1)} × the ideal of 16 at a time`,
      details: { customers, ...work },
    };
  });
}
