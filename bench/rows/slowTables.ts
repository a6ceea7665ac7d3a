import { setTimeout as delay } from 'node:timers/promises';
import type { BenchFigure, BenchRow } from '../row.ts';
import { formatCount, formatSeconds } from '../support/numbers.ts';
import { Processes, type ServedTables, type SimulatedPartner } from '../support/processes.ts';
import { runSnapshotToAnyEnd } from '../support/product.ts';
import {
  compareWithScript,
  describeWork,
  type Load,
  ratioOf,
  startPartnerFor,
} from '../support/timedWork.ts';

const load = {
  customers: 1_000,
  subscriptionsPerCustomer: 2,
  latencyMs: 100,
  delayMs: 100,
  concurrency: 32,
} satisfies Load;
const rounds = 3;
const target = 1.08;
const silenceMs = 20_000;

/** Runs over tables that are slow, and over tables that stop answering for a while. */
export const slowTables: BenchRow = {
  name: 'slow-tables',
  async measure() {
    const { product, script } = await compareWithScript(load, rounds);
    const tables = `tables that answer after ${load.delayMs} ms`;
    return [
      {
        ...describeWork(`a run over ${tables}`, load, product),
        target: `≤ ${target} × the ideal`,
        isMet: ratioOf(product) <= target,
      },
      describeWork(`a script with fetch and p-limit over ${tables}`, load, script),
      await measureSilence(),
    ];
  },
};

function measureSilence(): Promise<BenchFigure> {
  return Processes.with(async (processes) => {
    const partner = await startPartnerFor(load, processes);
    const tables = await processes.serveTables(load);
    const settings = {
      ...partner.settings,
      SNAPSHOT_STORAGE: tables.connectionString,
      SNAPSHOT_CONCURRENCY: String(load.concurrency),
    };
    const over = new AbortController();
    const [{ result, stderr }, answersBefore] = await Promise.all([
      runSnapshotToAnyEnd(settings).finally(() => over.abort()),
      silenceInTheMiddle(partner, tables, over.signal),
    ]);
    const { endedAfterMs } = await partner.worker.call('statistics');
    const idealMs = endedAfterMs / load.concurrency + silenceMs;
    const { stored, expected } = await countRows(tables);
    const { status, durationMs } = result;
    return {
      what: `the same, but in the middle of the run the tables answer nothing for ${silenceMs / 1000} s`,
      target: 'complete, every row stored',
      measured: `${status}, ${formatCount(stored)} of ${formatCount(expected)} rows (${formatSeconds(durationMs)}, ideal ${formatSeconds(idealMs)})`,
      isMet: status === 'complete' && stored === expected,
      details: { load, result, idealMs, answersBefore, stored, expected, stderr },
    };
  });
}

/**
 * Stops the tables once half of the requests are answered.
 *
 * @returns how many were answered by then
 */
async function silenceInTheMiddle(
  partner: SimulatedPartner,
  tables: ServedTables,
  over: AbortSignal,
): Promise<number> {
  const half = (load.customers * (2 + load.subscriptionsPerCustomer)) / 2;
  while (!over.aborted) {
    const { ended } = await partner.worker.call('statistics');
    if (ended >= half) {
      await tables.worker.call('stopAnswering', silenceMs);
      return ended;
    }
    await delay(load.latencyMs);
  }
  throw new Error('expected the run to get to its middle, got its end');
}

/** The rows of the day, of the customers and of their subscriptions. */
async function countRows({ worker }: ServedTables) {
  const days = await worker.call('countRows', 'UsageByDay', '');
  const customers = await worker.call('countRows', 'UsageByCustomer', 'customer|');
  const subscriptions = await worker.call('countRows', 'UsageByCustomer', 'subscription|');
  return {
    stored: days + customers + subscriptions,
    expected: load.customers * (2 + load.subscriptionsPerCustomer),
  };
}
