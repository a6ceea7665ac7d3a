import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../app/app.ts';
import { recordKnownNights } from '../app/knownNights.ts';
import { openHistory } from '../app/openTables.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { loadConfig, loadHistoryConfig, readProxySettings } from '../config/loadConfig.ts';
import { parseFaults } from '../simulator/faults.ts';
import { parseQuirks } from '../simulator/namedQuirks.ts';
import type { Simulator } from '../simulator/simulator.ts';
import type { EventLog } from '../telemetry/eventLog.ts';
import { addDays, utcDateOf } from '../usage/date.ts';
import type { SnapshotRun } from '../usage/snapshotRun.ts';
import type { CustomerSnapshot } from '../usage/usageSnapshot.ts';
import { describeFaults, describeNights } from './demoReport.ts';
import { startAzurite } from './embeddedAzurite.ts';
import { createTerminalEventLog } from './eventLines.ts';
import { expectCaptures } from './expectedCaptures.ts';
import { createProgress } from './progress.ts';
import { startLocalApi } from './serve.ts';
import { toSettingsLine } from './settingsLine.ts';
import { startSimulatedPartner } from './simulatedPartner.ts';
import { describeRun, exitCodeOf } from './snapshot.ts';
import { type ExitCode, exitCodes, print, printProgress } from './terminal.ts';
import { untilTerminated } from './termination.ts';
import { createTravellingClock, type TravellingClock } from './travellingClock.ts';

const customers = 60;
const seed = 1;
/** Four weeks before the night that is shown, so that there is a history. */
const earlierNights = 28;
/** With `--serve` there are 90 days. The nights before the earlier ones are not run, two are missed. */
const firstNight = -89;
const missedNights = [-45, -44];
const latencyMs = 20;
/** What `--serve` has to show besides. */
const servedQuirks = parseQuirks('foreignNames,lateFigures,currencyChanges,costSpikes');
/** Transient faults and refusals; not throttling, which pauses all requests for a minute. */
const faults = 'serverError,reset,truncate,expireToken,signInTrouble,customerRefused';

export interface DemoOptions {
  serve?: boolean;
}

/** Registers a function that closes a resource; the last one registered is called first. */
type AtEnd = (end: () => void | Promise<void>) => void;

/** Everything embedded: storage emulator, simulator, weeks of nights, and a report of them. */
export function demo({ serve = false }: DemoOptions = {}): Promise<ExitCode> {
  return untilTerminated(async (signal) => {
    const ends: (() => void | Promise<void>)[] = [];
    try {
      return await new Demo(signal, serve, (end) => ends.unshift(end)).run();
    } finally {
      await endAll(ends);
    }
  });
}

/** Closes every resource, even if closing others fails. */
async function endAll(ends: readonly (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const end of ends) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

class Demo {
  readonly #signal: AbortSignal;
  readonly #isServing: boolean;
  readonly #atEnd: AtEnd;
  readonly #today = utcDateOf(systemClock.now());
  readonly #clock: TravellingClock = createTravellingClock(this.#startOf(-earlierNights));
  readonly #events: EventLog;

  constructor(signal: AbortSignal, isServing: boolean, atEnd: AtEnd) {
    this.#signal = signal;
    this.#isServing = isServing;
    this.#atEnd = atEnd;
    const terminal = createTerminalEventLog();
    this.#events = {
      emit: (event, fields, level) => {
        // The tables of anomalies and alerts show them.
        if (event === 'usage.anomaly.detected' || event === 'budget.threshold.crossed') return;
        terminal.emit(event, fields, level);
      },
    };
  }

  async run(): Promise<ExitCode> {
    printProgress('Starting a storage emulator and a simulated Partner Center …');
    const folder = await mkdtemp(join(tmpdir(), 'usage-snapshots-demo-'));
    this.#atEnd(() => rm(folder, { recursive: true }));
    const azurite = await startAzurite();
    this.#atEnd(azurite.stop);
    const storage = azurite.connectionString;
    const earlier = await this.#recordEarlierNights(join(folder, 'earlier-token'), storage);
    if (earlier === undefined) return exitCodes.failed;
    const partner = await this.#startPartner({ latencyMs, faults: parseFaults(faults) });
    const config = this.#loadConfig(partner.settings, join(folder, 'token'), storage);
    const app = createApp(config, this.#events, this.#clock);
    this.#atEnd(app.close);
    printProgress(`Tonight, ${customers} customers, faults on: ${faults.replaceAll(',', ', ')}`);
    // A night with faults is mostly waiting.
    const [run] = await Promise.all([this.#recordNight(app), earlier.recordRest()]);
    if (run === undefined) return exitCodes.failed;
    const settings = {
      ...partner.settings,
      PARTNER_CENTER_REFRESH_TOKEN_FILE: join(folder, 'token-of-others'),
      SNAPSHOT_STORAGE: storage,
    };
    const { simulator } = partner;
    return this.#report(run, app, { simulator, settings });
  }

  /** @returns what is left to record; undefined where they were not all recorded */
  async #recordEarlierNights(
    tokenFile: string,
    storage: string,
  ): Promise<{ recordRest: () => Promise<void> } | undefined> {
    const partner = await this.#startPartner({});
    const config = this.#loadConfig(partner.settings, tokenFile, storage);
    const app = createApp(config, this.#events, this.#clock);
    try {
      printProgress(`${earlierNights} nights of ${customers} customers, to have a history …`);
      let recordRest = async () => {};
      if (this.#isServing) {
        recordRest = await this.#recordMonthsBefore(partner.simulator, app, config);
      }
      for (let night = -earlierNights; night < 0; night++) {
        this.#clock.goTo(this.#startOf(night));
        const result = await app.runSnapshot({ trigger: 'timer', signal: this.#signal });
        const isRecorded = !result.isBusy && result.run.status === 'complete';
        if (this.#signal.aborted || !isRecorded) return undefined;
      }
      return { recordRest };
    } finally {
      await app.close();
      this.#clock.goTo(this.#startOf(0));
    }
  }

  /** Running them as well would take twice as long as all the rest. */
  async #recordMonthsBefore(simulator: Simulator, { stores }: App, config: Config) {
    const nights = Array.from({ length: -earlierNights - firstNight }, (_, at) => firstNight + at);
    printProgress(
      `The ${nights.length} nights before are not run, but written from what Partner Center had then; ${missedNights.length} are missed`,
    );
    const startsMs = nights
      .filter((night) => !missedNights.includes(night))
      .map((night) => this.#startOf(night));
    const captureAll = (run: SnapshotRun) => expectCaptures(simulator, run);
    return recordKnownNights({ startsMs, captureAll }, stores, config);
  }

  async #recordNight(app: App): Promise<SnapshotRun | undefined> {
    const progress = createProgress(systemClock);
    this.#atEnd(progress.end);
    const signal = this.#signal;
    const result = await app.runSnapshot({ trigger: 'timer', signal, onProgress: progress.show });
    progress.end();
    return signal.aborted || result.isBusy ? undefined : result.run;
  }

  async #report(
    run: SnapshotRun,
    app: App,
    { simulator, settings }: { simulator: Simulator; settings: Record<string, string> },
  ): Promise<ExitCode> {
    const history = openHistory(loadHistoryConfig(settings), this.#clock);
    if (run.error) printProgress(run.error);
    print(describeRun(run));
    print(`\n${describeFaults(simulator)}`);
    const rows = await Array.fromAsync(app.stores.usageByDay.listDay(run.snapshotDate));
    const first = rows[0]?.customerId ?? '';
    print(`\n${await describeNights(history, first, run.snapshotDate)}`);
    const wrong = rows.filter((row) => !isRight(row, simulator));
    const right = rows.length - wrong.length;
    print(`\n${right} of ${customers} rows of the day hold what Partner Center has, to the digit`);
    if (this.#isServing) await this.#serve(history, settings);
    return right === customers ? exitCodeOf(run) : exitCodes.failed;
  }

  async #serve(
    history: ReturnType<typeof openHistory>,
    settings: Record<string, string>,
  ): Promise<void> {
    const server = await startLocalApi(history, 0);
    this.#atEnd(server.close);
    print(`\n${server.url}/api/dashboard`);
    print(`\nFor the other commands, in another terminal:\n${toSettingsLine(settings)}`);
    printProgress(`The API is described at ${server.url}/api/openapi.json, Ctrl-C ends it`);
    if (!this.#signal.aborted) await once(this.#signal, 'abort');
  }

  async #startPartner(options: Partial<Parameters<typeof startSimulatedPartner>[0]>) {
    const partner = await startSimulatedPartner({
      customers,
      seed,
      clock: this.#clock,
      ...(this.#isServing && { quirks: servedQuirks }),
      ...options,
    });
    this.#atEnd(partner.close);
    return partner;
  }

  #loadConfig(settings: Record<string, string>, tokenFile: string, storage: string): Config {
    const own = { PARTNER_CENTER_REFRESH_TOKEN_FILE: tokenFile, SNAPSHOT_STORAGE: storage };
    return loadConfig({ ...readProxySettings(), ...settings, ...own });
  }

  /** At night, far from the end of the UTC day, when no customer is taken any more. */
  #startOf(night: number): number {
    return Date.parse(`${addDays(this.#today, night)}T02:30:00Z`);
  }
}

function isRight(row: CustomerSnapshot, simulator: Simulator): boolean {
  const { outcome, totalCost } = simulator.expectedCustomer(row.customerId);
  if (outcome !== row.outcome) return false;
  return outcome !== 'usage' || row.figures?.totalCost === totalCost;
}
