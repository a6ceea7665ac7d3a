import type { BenchFigure, BenchRow } from '../row.ts';
import { formatSeconds } from '../support/numbers.ts';
import { Processes, type SimulatedPartner } from '../support/processes.ts';
import { runSnapshot } from '../support/product.ts';
import { runForJson } from '../support/program.ts';

const customers = 2_000;
const subscriptionsPerCustomer = 2;
const latencyMs = 100;
/** The default, and a higher one at which the product's own work has more weight. */
const concurrencies = [16, 64];
const sequentialCustomers = 20;
const target = 1.05;

/** A night's work, and its measurements. */
interface Work {
  durationMs: number;
  requests: number;
}

/** A program that does the work with these settings. */
type Way = (settings: Record<string, string>) => Promise<Work>;

interface TimedWork extends Work {
  /** Mean, as the simulator saw it. */
  latencyMs: number;
  maxInFlight: number;
  /** Requests × mean latency ÷ concurrency. */
  idealMs: number;
  ratio: number;
}

/** Time of a night's run compared with the ideal, and with simple scripts for the same work. */
export const run: BenchRow = {
  name: 'run',
  measure: () =>
    Processes.with(async (processes) => {
      const partner = await processes.startPartner({
        customers,
        subscriptionsPerCustomer,
        latencyMs,
        logLimit: 0,
      });
      const figures: BenchFigure[] = [];
      for (const concurrency of concurrencies) {
        const storage = await processes.startTables();
        const work = await time(product, concurrency, storage, partner);
        figures.push(describe('a run', concurrency, work, concurrency === 16));
      }
      for (const concurrency of concurrencies) {
        const storage = await processes.startTables();
        const work = await time(handwritten, concurrency, storage, partner);
        figures.push(describe('a script with fetch and p-limit', concurrency, work));
      }
      return [...figures, await measureSequential(processes)];
    }),
};

const product: Way = async (settings) => {
  const { durationMs, requests, customers: counts } = (await runSnapshot(settings)).result;
  if (counts.withUsage !== customers) {
    throw new Error(`expected ${customers} customers with usage, got ${counts.withUsage}`);
  }
  return { durationMs, requests: requests.total };
};

const handwritten: Way = async (settings) =>
  (await runForJson<Work>(['bench/handwritten/snapshot.ts'], settings)).result;

const sequential: Way = async (settings) =>
  (await runForJson<Work>(['bench/handwritten/sequential.ts'], settings)).result;

async function time(
  way: Way,
  concurrency: number,
  storage: string,
  { worker, settings }: SimulatedPartner,
): Promise<TimedWork> {
  await worker.call('resetStatistics');
  const work = await way({
    ...settings,
    SNAPSHOT_STORAGE: storage,
    SNAPSHOT_CONCURRENCY: String(concurrency),
  });
  const { ended, endedAfterMs, maxInFlight } = await worker.call('statistics');
  const idealMs = endedAfterMs / concurrency;
  return {
    ...work,
    latencyMs: endedAfterMs / ended,
    maxInFlight,
    idealMs,
    ratio: work.durationMs / idealMs,
  };
}

function describe(
  title: string,
  concurrency: number,
  work: TimedWork,
  hasTarget = false,
): BenchFigure {
  const { durationMs, idealMs, ratio } = work;
  return {
    what: `${title}, ${customers} customers with 2 subscriptions, ${latencyMs} ms, ${concurrency} at a time`,
    ...(hasTarget && { target: `≤ ${target} × the ideal`, isMet: ratio <= target }),
    measured: `${ratio.toFixed(3)} × (${formatSeconds(durationMs)}, ideal ${formatSeconds(idealMs)})`,
    details: { concurrency, ...work },
  };
}

/** Measured with fewer customers, and multiplied. */
async function measureSequential(processes: Processes): Promise<BenchFigure> {
  const partner = await processes.startPartner({
    customers: sequentialCustomers,
    subscriptionsPerCustomer,
    latencyMs,
    logLimit: 0,
  });
  const work = await time(sequential, 1, await processes.startTables(), partner);
  const durationMs = (work.durationMs / sequentialCustomers) * customers;
  const idealMs = (work.idealMs / sequentialCustomers) * customers;
  return {
    what: `one call after the other, of ${sequentialCustomers} customers, by ${customers / sequentialCustomers}`,
    measured: `${formatSeconds(durationMs)}, ${(durationMs / (idealMs / 16)).toFixed(1)} × the ideal of 16 at a time`,
    details: { customers: sequentialCustomers, ...work },
  };
}
