import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Methods } from './answerCalls.ts';
import type { SimulatorMethods, SimulatorProcessOptions } from './simulatorProcess.ts';
import { Worker } from './worker.ts';

/** What a simulated partner is to a bench. */
export interface SimulatedPartner {
  worker: Worker<SimulatorMethods>;
  /** All settings of the product except those of the storage. */
  settings: Record<string, string>;
}

const tableServer = fileURLToPath(new URL('../tableServer.ts', import.meta.url));

/** The account and key that every storage emulator has. */
const connectionStringAt = (port: string) =>
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

  /**
   * Starts the lean table service.
   *
   * @param rows it has so many rows of usage that are made as they are asked for
   * @returns its connection string
   */
  async startTables(rows = 0): Promise<string> {
    const child = spawn(process.execPath, [tableServer, String(rows)], {
      stdio: ['ignore', 'pipe', process.stderr.fd],
    });
    const ended = once(child, 'exit');
    this.#stops.push(() => {
      child.kill();
      return ended;
    });
    if (!child.stdout) throw new Error('expected the output of the tables, got none');
    const [port] = await once(createInterface(child.stdout), 'line');
    return connectionStringAt(port);
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
