import { BudgetWatch } from '../../src/alerts/budgetWatch.ts';
import type { CallOptions } from '../../src/callOptions.ts';
import { ConfigurationError, RequestError } from '../../src/errors.ts';
import { PartnerCenterClient } from '../../src/partner-center/client.ts';
import { Connection } from '../../src/partner-center/connection.ts';
import { Gate } from '../../src/partner-center/gate.ts';
import type { SnapshotServices } from '../../src/snapshot/snapshotContext.ts';
import type { SnapshotResult } from '../../src/snapshot/snapshotRun.ts';
import { RunStoppedError } from '../../src/snapshot/stopPolicy.ts';
import { createStoresOver } from '../../src/storage/createStores.ts';
import { StorageError } from '../../src/storage/storageError.ts';
import type { EventLog } from '../../src/telemetry/eventLog.ts';
import { inProcessUrl } from '../support/inProcessPartner.ts';
import { budgetThresholds } from './alertRules.ts';
import type { Dice } from './dice.ts';
import type { Writer } from './ledger.ts';
import { Lifeline, type Mishap } from './lifeline.ts';
import { createWatchedTransport } from './partnerApi.ts';
import { ProcessBlobs } from './processBlobs.ts';
import { ProcessTable } from './processTable.ts';
import { RequestWatch } from './requestWatch.ts';
import { createWatchedCredential } from './signInHost.ts';
import type { TableName } from './weather.ts';
import type { World } from './world.ts';

/** What a process does, from its start to its end. */
export type Work = (
  services: SnapshotServices,
  termination: AbortSignal,
) => Promise<SnapshotResult[]>;

export interface ProcessTraits {
  mishap?: Mishap | undefined;
  /** How far its clock is ahead of the world's; negative where it is behind. */
  skewMs?: number;
}

/** A process with a life, a gate and a credential of its own, in the world it shares. */
export class SimulatedProcess {
  readonly name: string;
  readonly lifeline: Lifeline;
  readonly #world: World;
  readonly #writer: Writer;
  /** Whether it stands still for a while, in which its lease may pass on. */
  readonly #isFrozen: boolean;
  readonly #watch: RequestWatch;
  readonly #conclusions = new Map<string, number>();
  #isOver = false;

  constructor(name: string, world: World, { mishap, skewMs = 0 }: ProcessTraits = {}) {
    this.name = name;
    this.#world = world;
    const { trace, clock, settings, limitedPerMinute } = world;
    this.#watch = new RequestWatch({ concurrency: settings.concurrency, limitedPerMinute }, trace);
    const onMishap = ({ kind, port, forMs }: Mishap) => {
      trace.count(`process.${kind}`);
      trace.step(clock.now(), name, kind, port, forMs);
    };
    if (skewMs !== 0) trace.count('weather.processClock');
    this.lifeline = new Lifeline(clock, mishap, onMishap, skewMs);
    this.#isFrozen = mishap?.kind === 'freeze';
    this.#writer = {
      process: name,
      life: {
        startedAtMs: clock.now(),
        termination: this.lifeline.termination,
        isSentAway: false,
        troubledPartitions: new Set(),
      },
    };
  }

  /** Whether nothing comes of it any more. */
  get isOver(): boolean {
    return this.#isOver || this.lifeline.isDead;
  }

  /** Does its work to the end, if there is one. */
  async run(work: Work, dice: Dice): Promise<void> {
    const { trace, clock } = this.#world;
    let results: SnapshotResult[] = [];
    trace.step(clock.now(), this.name, 'starts');
    try {
      results = await work(this.#createServices(dice), this.lifeline.termination);
    } catch (error) {
      if (!isForeseen(error, this.lifeline)) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        trace.report('errors', `${this.name}: ${text}`);
      }
      if (this.#world.isSecret(String(error))) trace.report('secrets', `in an error: ${this.name}`);
    }
    this.#isOver = true;
    trace.step(clock.now(), this.name, 'ends', results.length);
    this.#checkRests(results);
  }

  #checkRests(results: SnapshotResult[]): void {
    const { trace } = this.#world;
    const { sleeping } = this.lifeline;
    if (sleeping > 0) trace.report('timers', `${this.name} left ${sleeping} behind`);
    const { inFlight } = this.#watch;
    if (inFlight > 0) trace.report('timers', `${this.name} left ${inFlight} requests behind`);
    for (const result of results) {
      if (result.isBusy) {
        trace.count('runs.busy');
        continue;
      }
      const { runId, status, snapshotDate } = result.run;
      const events = this.#conclusions.get(runId) ?? 0;
      // A record that could not be written says "running" to the next run, which closes it.
      const isHindered =
        this.#isFrozen || this.#writer.life?.troubledPartitions.has(`${runId} ${snapshotDate}`);
      if (events === 1 || (events === 2 && isHindered)) continue;
      trace.report('events', `${runId} (${status}) ended with ${events} events`);
    }
  }

  #createServices(dice: Dice): SnapshotServices {
    const { simulator, settings, limitedPerMinute } = this.#world;
    const { clock } = this.lifeline;
    const random = dice.fork().next;
    const ids = dice.fork();
    const gate = new Gate({ concurrency: settings.concurrency, limitedPerMinute, clock });
    const events = this.#createEventLog();
    const parts = { world: this.#world, lifeline: this.lifeline, name: this.name };
    const credential = createWatchedCredential({ ...parts, dice: dice.fork(), events });
    const transport = createWatchedTransport({
      ...parts,
      watch: this.#watch,
      writer: this.#writer,
    });
    const { lease, openStores, ensureTables } = this.#createStores();
    return {
      connect: (signal, waitUntilMs, correlationId = ids.guid()) =>
        new PartnerCenterClient(
          new Connection({
            baseUrl: inProcessUrl,
            credential,
            gate,
            transport,
            clock,
            random,
            correlationId,
            newRequestId: () => ids.guid(),
            signal,
            waitUntilMs,
          }),
        ),
      lease,
      ensureTables,
      openStores(fence) {
        const stores = openStores(fence);
        const causesOf = async () => undefined;
        const budgets = new BudgetWatch({
          store: stores.budgetAlerts,
          thresholds: budgetThresholds,
          events,
          now: clock.now,
          causesOf,
          assertWritable: () => fence.assertWritable(),
        });
        return { stores, budgets, causesOf };
      },
      events,
      clock,
      random,
      partnerTenantId: simulator.partnerTenantId,
      settings,
    };
  }

  #createStores() {
    const { tables, blobs, weather, ledger, clock } = this.#world;
    const { lifeline } = this;
    const open = (table: TableName) =>
      new ProcessTable({
        table,
        rows: tables[table],
        writer: this.#writer,
        lifeline: this.lifeline,
        weather,
        ledger,
        clock,
      });
    const snapshotRuns = open('SnapshotRuns');
    const details = new ProcessBlobs({ blobs, lifeline, weather, clock });
    const ofProcess = {
      usageByCustomer: open('UsageByCustomer'),
      usageByDay: open('UsageByDay'),
      usageByAzureSubscription: open('UsageByAzureSubscription'),
      snapshotRuns,
      budgetAlerts: open('BudgetAlerts'),
    };
    const stores = createStoresOver(ofProcess, details);
    return { ...stores, ensureTables: (options?: CallOptions) => snapshotRuns.ensure(options) };
  }

  #createEventLog(): EventLog {
    const { trace, clock, isSecret, logged } = this.#world;
    return {
      emit: (event, fields) => {
        const text = JSON.stringify(fields);
        trace.step(clock.now(), this.name, event, text);
        trace.count(`events.${event}`);
        if (isSecret(text)) trace.report('secrets', `in ${event} of ${this.name}`);
        if (event === 'budget.threshold.crossed') {
          const alertId = String(fields['alertId']);
          logged.set(alertId, (logged.get(alertId) ?? 0) + 1);
        }
        if (!event.startsWith('snapshot.run.')) return;
        const runId = String(fields['runId']);
        this.#conclusions.set(runId, (this.#conclusions.get(runId) ?? 0) + 1);
      },
    };
  }
}

/** Errors by which a start may end: they are its caller's answer. */
function isForeseen(error: unknown, { termination }: Lifeline): boolean {
  if (termination.aborted && error === termination.reason) return true;
  return (
    error instanceof RunStoppedError ||
    error instanceof StorageError ||
    error instanceof ConfigurationError ||
    error instanceof RequestError
  );
}
