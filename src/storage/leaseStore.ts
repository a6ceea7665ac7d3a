import type { Entity } from './columns.ts';
import type { CallOptions, EntityTable } from './entityTable.ts';
import { leaseKeys } from './keys.ts';
import { RowReader } from './rowReader.ts';
import { StorageError } from './storageError.ts';

interface LeaseRow {
  runId: string;
  expiresAtMs: number;
  etag: string;
}

/** Others may be quicker so often until it is given up. */
const mostAttempts = 5;

/**
 * The lease that keeps two runs apart: one row, changed only where it is still as it was read.
 * What fails is a `StorageError`.
 */
export class LeaseStore {
  readonly #table: EntityTable;

  constructor(table: EntityTable) {
    this.#table = table;
  }

  /**
   * Takes the lease until `expiresAtMs` (milliseconds since the epoch), unless another run holds it
   * at `nowMs`.
   *
   * @returns the run that holds it now: `runId` itself where it was taken
   */
  async acquire(
    runId: string,
    nowMs: number,
    expiresAtMs: number,
    options?: CallOptions,
  ): Promise<string> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const held = await this.#read(options);
      if (held && held.runId !== runId && held.expiresAtMs > nowMs) return held.runId;
      const entity = toEntity(runId, expiresAtMs);
      const isTaken = held
        ? await this.#table.replace(entity, held.etag, options)
        : await this.#table.insert(entity, options);
      if (isTaken) return runId;
    }
    const message = `expected to take the lease or to find its owner, got neither in ${mostAttempts} attempts`;
    throw new StorageError('LEASE_CONTENTION', this.#place, message);
  }

  /** Holds the lease for longer; `false` where another run has it by now. */
  async renew(runId: string, expiresAtMs: number, options?: CallOptions): Promise<boolean> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const held = await this.#read(options);
      if (held?.runId !== runId) return false;
      // A refusal can be the echo of an answer that was lost: the next look tells.
      if (await this.#table.replace(toEntity(runId, expiresAtMs), held.etag, options)) return true;
    }
    return false;
  }

  /** Gives the lease back, where `runId` still has it. */
  async release(runId: string, options?: CallOptions): Promise<void> {
    await this.renew(runId, 0, options);
  }

  async #read(options: CallOptions | undefined): Promise<LeaseRow | undefined> {
    const { partitionKey, rowKey } = leaseKeys;
    const row = await this.#table.get(partitionKey, rowKey, options);
    if (!row) return undefined;
    const reader = new RowReader(this.#table.name, row);
    const expiresAtMs = Date.parse(reader.string('expiresAt'));
    if (Number.isNaN(expiresAtMs)) reader.fail('expiresAt', 'an instant in ISO 8601');
    return { runId: reader.string('runId'), expiresAtMs, etag: reader.string('etag') };
  }

  get #place() {
    return { table: this.#table.name, ...leaseKeys };
  }
}

function toEntity(runId: string, expiresAtMs: number): Entity {
  return { ...leaseKeys, runId, expiresAt: new Date(expiresAtMs).toISOString() };
}
