import type { Entity } from '../../src/storage/columns.ts';
import type { VirtualClock } from '../support/virtualClock.ts';
import { numberOf } from './rows.ts';
import type { Trace } from './trace.ts';
import type { TableName } from './weather.ts';

/** A process, as the tables see it. */
export interface Writer {
  process: string;
  /** The run for which it took the lease last. */
  runId?: string | undefined;
  /** Absent of what a test writes. */
  life?: WriterLife;
}

/** What may keep a process from writing what it has read. */
export interface WriterLife {
  startedAtMs: number;
  /** Aborted when the process is to end. */
  termination: AbortSignal;
  /** Whether Partner Center has sent it away for longer than it has left. */
  isSentAway: boolean;
  /** Partitions of which a call to the tables failed, each with the run before it. */
  troubledPartitions: Set<string>;
}

/** One call of the product to write rows; it may be several transactions. */
export interface WriteCall {
  writer: Writer;
  runId: string | undefined;
}

/** Looks at each row as it is written. */
export type RowRule = (table: TableName, row: Entity, before: Entity | undefined) => void;

/** Changes rows on their way, to show that the rules see it. */
export type Tamper = (table: TableName, rows: Entity[]) => Entity[];

/** All that the tables hold, seen as it is written: the lease, and a rule for each row. */
export class Ledger {
  readonly #clock: VirtualClock;
  readonly #trace: Trace;
  readonly #rows = new Map<string, Map<string, Entity>>();
  readonly #rules: RowRule[] = [];
  readonly tamper: Tamper;
  readonly #writers = new Map<string, Writer>();
  #lease: { runId: string; expiresAtMs: number } | undefined;

  constructor(clock: VirtualClock, trace: Trace, tamper: Tamper = (_table, rows) => rows) {
    this.#clock = clock;
    this.#trace = trace;
    this.tamper = tamper;
  }

  addRule(rule: RowRule): void {
    this.#rules.push(rule);
  }

  /** The product begins to write rows: for that it must have the lease. */
  beginWrite(writer: Writer): WriteCall {
    const nowMs = this.#clock.now();
    const lease = this.#lease;
    if (lease?.runId !== writer.runId || !lease || nowMs >= lease.expiresAtMs) {
      const held = lease
        ? `${lease.runId} until ${new Date(lease.expiresAtMs).toISOString()}`
        : '-';
      this.#trace.report('lease', `${writer.process} writes for ${writer.runId}, held by ${held}`);
    }
    return { writer, runId: writer.runId };
  }

  /** The lease's own writes need no lease. */
  conditionalWrite(writer: Writer): WriteCall {
    return { writer, runId: writer.runId };
  }

  written(table: TableName, rows: readonly Entity[], call: WriteCall): void {
    const nowMs = this.#clock.now();
    for (const row of rows) {
      const text = JSON.stringify(row);
      this.#trace.step(nowMs, call.writer.process, 'wrote', table, text);
      if (row.partitionKey === 'lease') {
        this.#noteLease(row, call.writer, nowMs);
        continue;
      }
      if (this.#isTakenFrom(call, nowMs)) this.#trace.count('storage.lateRows');
      const partition = this.partition(table, row.partitionKey);
      const before = partition.get(row.rowKey);
      partition.set(row.rowKey, row);
      for (const rule of this.#rules) rule(table, row, before);
    }
  }

  /** The rows of a partition, by row key. */
  partition(table: TableName, partitionKey: string): Map<string, Entity> {
    const key = `${table} ${partitionKey}`;
    const partition = this.#rows.get(key) ?? new Map<string, Entity>();
    this.#rows.set(key, partition);
    return partition;
  }

  /** The process that held the lease for a run. */
  writerOf(runId: string): Writer | undefined {
    return this.#writers.get(runId);
  }

  /** All rows of a table. */
  *rows(table: TableName): Generator<Entity> {
    for (const [key, partition] of this.#rows) {
      if (key.startsWith(`${table} `)) yield* partition.values();
    }
  }

  #isTakenFrom({ runId }: WriteCall, nowMs: number): boolean {
    const lease = this.#lease;
    return lease !== undefined && lease.runId !== runId && nowMs < lease.expiresAtMs;
  }

  #noteLease(row: Entity, writer: Writer, nowMs: number): void {
    const runId = String(row['runId']);
    const expiresAtMs = expiryOf(row, nowMs);
    const held = this.#lease;
    if (held && held.runId !== runId && nowMs < held.expiresAtMs) {
      const until = new Date(held.expiresAtMs).toISOString();
      this.#trace.report('lease', `${runId} took the lease of ${held.runId}, held until ${until}`);
    }
    this.#lease = { runId, expiresAtMs };
    if (isGivenBack(row)) return;
    writer.runId = runId;
    this.#writers.set(runId, writer);
  }
}

/** A process whose clock is behind takes a lease that is over by the world's. */
function isGivenBack(row: Entity): boolean {
  return numberOf(row, 'leaseSeconds') === 0 || Date.parse(String(row['expiresAt'])) === 0;
}

/** A lease says when it is over, or for how long it is held from its being written. */
function expiryOf(row: Entity, nowMs: number): number {
  const seconds = numberOf(row, 'leaseSeconds');
  return seconds === undefined ? Date.parse(String(row['expiresAt'])) : nowMs + seconds * 1000;
}
