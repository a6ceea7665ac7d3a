import type { TableServerMethods, TableServerOptions } from '../tableServer.ts';
import type { Methods } from './answerCalls.ts';
import type { SimulatorMethods, SimulatorProcessOptions } from './simulatorProcess.ts';
import { Worker } from './worker.ts';

/** What a simulated partner is to a bench. */
export interface SimulatedPartner {
  worker: Worker<SimulatorMethods>;
  /** All settings of the product except those of the storage. */
  settings: Record<string, string>;
}

/** The lean table service as a process. */
export interface ServedTables {
  worker: Worker<TableServerMethods>;
  connectionString: string;
}

/** The account and key that every storage emulator has. */
const connectionStringAt = (port: number) =>
  'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;' +
  'AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;' +
  `TableEndpoint=http://127.0.0.1:${port}/devstoreaccount1`;

/** The processes that a measurement needs besides the measured one. */
export class Processes {
  readonly #stops: (() => Promise<unknown>)[] = [];

  /** Gives the processes to `measure`, and ends them after it. */
  static async with<T>(measure: (processes: Processes) => Promise<T>): Promise<T> {
    const processes = new Processes();
    try {
      return await measure(processes);
    } finally {
      await Promise.all(processes.#stops.map((stop) => stop()));
    }
  }

  async startPartner(options: SimulatorProcessOptions): Promise<SimulatedPartner> {
    const worker = this.startWorker<SimulatorMethods>('simulatorProcess.ts', options);
    return { worker, settings: await worker.call('settings') };
  }

  /** Starts the lean table service, and returns its connection string. */
  async startTables(): Promise<string> {
    return (await this.serveTables()).connectionString;
  }

  /** The same with options, and with a hold on the service. */
  async serveTables(options: TableServerOptions = {}): Promise<ServedTables> {
    const worker = this.startWorker<TableServerMethods>('../tableServer.ts', options);
    return { worker, connectionString: connectionStringAt(await worker.call('port')) };
  }

  startWorker<M extends Methods>(
    file: string,
    options?: unknown,
    env?: Record<string, string>,
  ): Worker<M> {
    const worker = new Worker<M>(file, options, env);
    this.#stops.push(() => worker.stop());
    return worker;
  }
}
