import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays } from '../../src/usage/date.ts';
import { daysBehindOutlook } from '../../src/usage/knownSpend.ts';
import type { BenchFigure, BenchRow } from '../row.ts';
import {
  describeAgain,
  describeCheck,
  describeLines,
  describeMemory,
  describePartnerCenter,
  describeReads,
  describeRun,
  describeStored,
  describeTables,
  type MeasuredWork,
} from '../support/costFigures.ts';
import type { CountedNightMethods, NightWork } from '../support/countedNightProcess.ts';
import { type CountedRead, countReads } from '../support/countedReads.ts';
import { CountingTables } from '../support/countingTables.ts';
import { fillHistory } from '../support/filledHistory.ts';
import { Processes } from '../support/processes.ts';
import { root } from '../support/program.ts';
import { scaleFrom } from '../support/scaledClock.ts';
import type {
  ScaledSimulatorMethods,
  ScaledSimulatorOptions,
} from '../support/scaledSimulatorProcess.ts';
import type { Worker } from '../support/worker.ts';

const population = { customers: 1_000, subscriptionsPerCustomer: 2 };
const latencyMs = 100;
const concurrency = 16;
/** In the middle of a month, so that about as many budgets are broken as on most nights. */
const date = '2026-03-17';
const dayBefore = addDays(date, -1);

/** The part of the API's answers that is used here. */
interface Ranking {
  items: { customerId: string }[];
}

/** What a night uses of every billed service. */
export const cost: BenchRow = {
  name: 'cost',
  measure: () =>
    Processes.with(async (processes) => {
      const folder = await mkdtemp(join(tmpdir(), 'bench-cost-'));
      const storage = await processes.startTables();
      const tables = await CountingTables.start(storage);
      try {
        const { customersWithBudget } = await fillHistory(storage, {
          population,
          from: addDays(date, -daysBehindOutlook),
          to: addDays(dayBefore, -1),
        });
        const settings = {
          SNAPSHOT_STORAGE: tables.connectionString,
          SNAPSHOT_CONCURRENCY: String(concurrency),
          // The documented limits are not measured here.
          PARTNER_CENTER_REQUESTS_PER_MINUTE: '0',
          SNAPSHOT_DEPTH: 'off',
          PARTNER_CENTER_REFRESH_TOKEN_FILE: join(folder, 'token'),
        };
        return await measureDay(new Deployment(processes, tables, settings), customersWithBudget);
      } finally {
        tables.close();
        await rm(folder, { recursive: true });
      }
    }),
};

async function measureDay(
  deployment: Deployment,
  customersWithBudget: number,
): Promise<BenchFigure[]> {
  // It leaves the tables as a night finds them: a day's ledger, delivered alerts, a lease.
  await deployment.do('night', `${dayBefore}T02:30:00Z`);
  const night = await deployment.do('night', `${date}T02:30:00Z`);
  const reads = await deployment.readOverHttp(`${date}T04:30:00Z`);
  const check = await deployment.do('check', `${date}T05:00:00Z`);
  const lateCheck = await deployment.do('check', `${date}T22:00:00Z`);
  const again = await deployment.do('again', `${date}T23:00:00Z`);
  const conditions = {
    latencyMs,
    concurrency,
    customersWithBudget,
    historyDays: daysBehindOutlook,
    memoryMegabytes: await readInstanceMemory(),
  };
  return [
    describePartnerCenter(night),
    describeTables(night, conditions),
    describeStored(night),
    describeRun(night, conditions),
    describeMemory(night),
    describeLines(night),
    describeAgain(again),
    describeCheck('a check that finds the day complete, before 22:00', check),
    describeCheck('the same from 22:00 on, where no billing period ends', lateCheck),
    describeReads(reads),
  ];
}

/** The work of one deployment, one after the other. */
class Deployment {
  readonly #processes: Processes;
  readonly #tables: CountingTables;
  readonly #settings: Record<string, string>;
  readonly #simulator: Worker<ScaledSimulatorMethods>;

  constructor(processes: Processes, tables: CountingTables, settings: Record<string, string>) {
    this.#processes = processes;
    this.#tables = tables;
    this.#settings = settings;
    this.#simulator = processes.startWorker('scaledSimulatorProcess.ts', {
      ...population,
      latencyMs,
      limitSteps: [],
      scale: scaleFrom(Date.parse(dayBefore), 1),
    } satisfies ScaledSimulatorOptions);
  }

  /** In a separate process, with a clock that starts at this instant. */
  async do(work: NightWork, instant: string): Promise<MeasuredWork> {
    const env = { ...(await this.#simulator.call('settings')), ...this.#settings };
    const worker = this.#processes.startWorker<CountedNightMethods>(
      'countedNightProcess.ts',
      {},
      env,
    );
    await worker.call('ready');
    const scale = scaleFrom(Date.parse(instant), 1);
    await this.#simulator.call('setClock', scale);
    this.#tables.takeCounts();
    const result = await worker.call('do', work, scale);
    await worker.stop();
    const { status = 'no run', error } = result.run ?? {};
    const expected = work === 'check' ? 'no run' : 'complete';
    if (status !== expected || error !== undefined) {
      throw new Error(`${work} at ${instant}: expected ${expected}, got ${status} (${error})`);
    }
    return { ...result, tables: this.#tables.takeCounts() };
  }

  async readOverHttp(instant: string): Promise<CountedRead[]> {
    const nowMs = Date.parse(instant);
    const [ranking] = await countReads(this.#tables, nowMs, ['customers?top=1']);
    const { items } = (ranking?.answer ?? { items: [] }) as Ranking;
    const history = `customers/${items[0]?.customerId}/history`;
    return countReads(this.#tables, nowMs, [history, 'customers', 'totals', 'health']);
  }
}

/** Defaults of a deployment. */
async function readInstanceMemory(): Promise<number> {
  const template = await readFile(join(root, 'infra/main.bicep'), 'utf8');
  const [, megabytes] = /^param instanceMemoryMB int = (\d+)$/m.exec(template) ?? [];
  if (megabytes === undefined) throw new Error('expected the memory of an instance in main.bicep');
  return Number(megabytes);
}
