import type { BenchFigure } from '../row.ts';
import { formatCount, formatSeconds, medianOf } from './numbers.ts';
import { Processes, type SimulatedPartner } from './processes.ts';
import { runSnapshot } from './product.ts';
import { runForJson } from './program.ts';

/** A night's work, and its measurements. */
interface Work {
  durationMs: number;
  requests: number;
}

/** A program that does the work with these settings. */
export type Way = (settings: Record<string, string>) => Promise<Work>;

export interface TimedWork extends Work {
  /** Mean, as the simulator saw it. */
  latencyMs: number;
  maxInFlight: number;
  /** Requests × mean latency ÷ concurrency. */
  idealMs: number;
  ratio: number;
}

/** What there is to do, and how fast the API and the tables answer. */
export interface Load {
  /** Each with usage. */
  customers: number;
  subscriptionsPerCustomer: number;
  latencyMs: number;
  /** Of the tables. */
  delayMs?: number;
  concurrency: number;
}

/** Both did the same work equally often. */
export interface ComparedWork {
  product: TimedWork[];
  script: TimedWork[];
}

export const sequential: Way = async (settings) =>
  (await runForJson<Work>(['bench/handwritten/sequential.ts'], settings)).result;

const script: Way = async (settings) =>
  (await runForJson<Work>(['bench/handwritten/snapshot.ts'], settings)).result;

const productFor =
  ({ customers }: Load): Way =>
  async (settings) => {
    const { durationMs, requests, customers: counts } = (await runSnapshot(settings)).result;
    if (counts.withUsage !== customers) {
      throw new Error(`expected ${customers} customers with usage, got ${counts.withUsage}`);
    }
    return { durationMs, requests: requests.total };
  };

/** The product and the script in turn, so that a busy moment of the machine affects both. */
export function compareWithScript(load: Load, rounds: number): Promise<ComparedWork> {
  return Processes.with(async (processes) => {
    const partner = await startPartnerFor(load, processes);
    const product = productFor(load);
    const compared: ComparedWork = { product: [], script: [] };
    for (let round = 0; round < rounds; round++) {
      compared.product.push(await timeWork(product, load, partner));
      compared.script.push(await timeWork(script, load, partner));
    }
    return compared;
  });
}

export function startPartnerFor(load: Load, processes: Processes): Promise<SimulatedPartner> {
  const { customers, subscriptionsPerCustomer, latencyMs } = load;
  return processes.startPartner({ customers, subscriptionsPerCustomer, latencyMs, logLimit: 0 });
}

/** Does the work once, with tables that are new. */
export function timeWork(
  way: Way,
  { concurrency, delayMs = 0 }: Load,
  { worker, settings }: SimulatedPartner,
): Promise<TimedWork> {
  return Processes.with(async (processes) => {
    const { connectionString } = await processes.serveTables({ delayMs });
    await worker.call('resetStatistics');
    const work = await way({
      ...settings,
      SNAPSHOT_STORAGE: connectionString,
      SNAPSHOT_CONCURRENCY: String(concurrency),
    });
    const { ended, endedAfterMs, maxInFlight } = await worker.call('statistics');
    const idealMs = endedAfterMs / concurrency;
    const latencyMs = endedAfterMs / ended;
    return { ...work, latencyMs, maxInFlight, idealMs, ratio: work.durationMs / idealMs };
  });
}

export function ratioOf(runs: readonly TimedWork[]): number {
  return medianOf(runs.map(({ ratio }) => ratio));
}

/** The medians of runs of the same work. */
export function describeWork(title: string, load: Load, runs: readonly TimedWork[]): BenchFigure {
  const { customers, subscriptionsPerCustomer, latencyMs, concurrency } = load;
  const durationMs = medianOf(runs.map((run) => run.durationMs));
  const idealMs = medianOf(runs.map((run) => run.idealMs));
  return {
    what: `${title}, ${formatCount(customers)} customers with ${subscriptionsPerCustomer} subscriptions, answers after ${latencyMs} ms, ${concurrency} at a time, median of ${runs.length}`,
    measured: `${ratioOf(runs).toFixed(3)} × the ideal (${formatSeconds(durationMs)}, ideal ${formatSeconds(idealMs)})`,
    details: { load, runs },
  };
}
