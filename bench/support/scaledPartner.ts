import type { Processes } from './processes.ts';
import type {
  ScaledCallsMethods,
  ScaledCallsOptions,
  ScaledCallsResult,
} from './scaledCallsProcess.ts';
import { scaleFrom, type TimeScale } from './scaledClock.ts';
import type { ScaledNightMethods, Timer, TimerResult } from './scaledNightProcess.ts';
import type { ScaledSimulatorMethods, ScaledSimulatorOptions } from './scaledSimulatorProcess.ts';
import type { Worker } from './worker.ts';

/** A simulated Partner Center with a faster clock, and processes that call it by the same clock. */
export class ScaledPartner {
  readonly #processes: Processes;
  readonly #simulator: Worker<ScaledSimulatorMethods>;
  readonly #factor: number;

  /** @param options.factor how many times as fast as the real time */
  constructor(
    processes: Processes,
    options: Omit<ScaledSimulatorOptions, 'scale'> & { factor: number },
  ) {
    const { factor, ...simulated } = options;
    this.#processes = processes;
    this.#factor = factor;
    this.#simulator = processes.startWorker('scaledSimulatorProcess.ts', {
      ...simulated,
      scale: scaleFrom(Date.now(), factor),
    } satisfies ScaledSimulatorOptions);
  }

  /** What the simulator has seen. */
  async report(): Promise<ReturnType<ScaledSimulatorMethods['report']>> {
    return this.#simulator.call('report');
  }

  /** A timer's run at this time of the clock, in a separate process, to its end. */
  async runTimer(
    timer: Timer,
    startMs: number,
    settings: Record<string, string>,
  ): Promise<TimerResult> {
    const env = { ...(await this.#simulator.call('settings')), ...settings };
    const night = this.#processes.startWorker<ScaledNightMethods>('scaledNightProcess.ts', {}, env);
    await night.call('ready');
    const result = await night.call('runTimer', timer, await this.#startClock(startMs));
    await night.stop();
    return result;
  }

  /** Calls from this time of the clock on, from a separate process. */
  async makeCalls(
    startMs: number,
    options: Omit<ScaledCallsOptions, 'scale'>,
  ): Promise<ScaledCallsResult> {
    const env = await this.#simulator.call('settings');
    const calls = this.#processes.startWorker<ScaledCallsMethods>('scaledCallsProcess.ts', {}, env);
    await calls.call('ready');
    return calls.call('makeCalls', { ...options, scale: await this.#startClock(startMs) });
  }

  async #startClock(startMs: number): Promise<TimeScale> {
    const scale = scaleFrom(startMs, this.#factor);
    await this.#simulator.call('setClock', scale);
    return scale;
  }
}
