import type { CallOptions } from '../callOptions.ts';
import { type Entity, int32Column } from './columns.ts';
import type { EntityTable } from './entityTable.ts';
import { clockKeys, leaseKeys } from './keys.ts';
import { RowReader } from './rowReader.ts';
import { StorageError } from './storageError.ts';

interface LeaseRow {
  runId: string;
  /** By the service's clock, milliseconds since the epoch; 0 once it was given back. */
  endsAtMs: number;
  etag: string;
}

interface LeaseReading {
  held: LeaseRow | undefined;
  /** The service's clock, not later than now. */
  nowMs: number;
}

/** Tries in a row that other writers may win before it fails. */
const maxAttempts = 5;

/**
 * The lease that keeps two runs apart: one row, changed only where it is still as it was read. It
 * lasts for `leaseSeconds` from the `Timestamp` that the service gave the row; only the service's
 * clock decides whether that is over, as those of two processes may be minutes apart.
 *
 * Failures are `StorageError`s.
 */
export class LeaseTableStore {
  readonly #table: EntityTable;

  constructor(table: EntityTable) {
    this.#table = table;
  }

  /**
   * Takes the lease for `leaseSeconds`, unless another run holds it.
   *
   * @returns the run that holds it now: `runId` itself where it was taken
   */
  async acquire(runId: string, leaseSeconds: number, options?: CallOptions): Promise<string> {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const { held, nowMs } = await this.#read(options);
      if (held && held.runId !== runId && nowMs < held.endsAtMs) return held.runId;
      const entity = toEntity(runId, leaseSeconds, nowMs);
      const isTaken = held
        ? await this.#table.replace(entity, held.etag, options)
        : await this.#table.insert(entity, options);
      if (isTaken) return runId;
    }
    const message = `expected to take the lease or to find its owner, got neither in ${maxAttempts} attempts`;
    throw new StorageError('LEASE_CONTENTION', this.#place, message);
  }

  /**
   * Holds the lease for `leaseSeconds` from now on; `false` where another run has it by now, or it
   * was given back.
   */
  async renew(runId: string, leaseSeconds: number, options?: CallOptions): Promise<boolean> {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const { held, nowMs } = await this.#read(options);
      if (held?.runId !== runId || held.endsAtMs === 0) return false;
      const entity = toEntity(runId, leaseSeconds, nowMs);
      // After a lost answer the repeated request is refused: reading again shows who holds it.
      if (await this.#table.replace(entity, held.etag, options)) return true;
    }
    return false;
  }

  /** Gives the lease back, where `runId` still has it: it is free at once. */
  async release(runId: string, options?: CallOptions): Promise<void> {
    await this.renew(runId, 0, options);
  }

  async #read(options: CallOptions | undefined): Promise<LeaseReading> {
    const { partitionKey, rowKey } = leaseKeys;
    const { row, dateMs } = await this.#table.getDated(partitionKey, rowKey, options);
    const nowMs = dateMs ?? (await this.#askTime(options));
    if (!row) return { held: undefined, nowMs };
    const reader = new RowReader(this.#table.name, row);
    const endsAtMs = endOf(reader);
    const held = { runId: reader.string('runId'), endsAtMs, etag: reader.string('etag') };
    return { held, nowMs };
  }

  /** For networks that remove the header `Date`: the time of a row that is written now. */
  async #askTime(options: CallOptions | undefined): Promise<number> {
    const { partitionKey, rowKey } = clockKeys;
    await this.#table.upsert([{ partitionKey, rowKey }], options);
    const row = await this.#table.get(partitionKey, rowKey, options);
    return instant(new RowReader(this.#table.name, row ?? { partitionKey, rowKey }), 'timestamp');
  }

  get #place() {
    return { table: this.#table.name, ...leaseKeys };
  }
}

/** A row of a version before `leaseSeconds` has its end by its holder's clock. */
function endOf(reader: RowReader): number {
  const leaseSeconds = reader.optionalInteger('leaseSeconds');
  if (leaseSeconds === undefined) return instant(reader, 'expiresAt');
  // Released is 0: the service's `Date`, cut to seconds, may be before the row's `Timestamp`.
  return leaseSeconds === 0 ? 0 : instant(reader, 'timestamp') + leaseSeconds * 1000;
}

function instant(reader: RowReader, column: string): number {
  const epochMs = Date.parse(reader.string(column));
  return Number.isNaN(epochMs) ? reader.fail(column, 'an instant in ISO 8601') : epochMs;
}

/** `expiresAt` is for the version before `leaseSeconds`, should a deployment be rolled back. */
function toEntity(runId: string, leaseSeconds: number, nowMs: number): Entity {
  const expiresAtMs = leaseSeconds === 0 ? 0 : nowMs + leaseSeconds * 1000;
  return {
    ...leaseKeys,
    runId,
    leaseSeconds: int32Column(leaseSeconds),
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
}
