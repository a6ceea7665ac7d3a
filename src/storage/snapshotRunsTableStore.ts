import type { CallOptions, ListOptions } from '../callOptions.ts';
import { type SnapshotRun, snapshotRunShape } from '../usage/snapshotRun.ts';
import type { EntityTable } from './entityTable.ts';
import { dateKey, runKey } from './keys.ts';
import { listReadable } from './readable.ts';
import { createRowCodec } from './rowCodec.ts';

/** A row of `SnapshotRuns`. */
export const snapshotRunRow = createRowCodec(snapshotRunShape, ({ snapshotDate, runId }) => ({
  partitionKey: dateKey(snapshotDate),
  rowKey: runKey(runId),
}));

/**
 * The runs in the table `SnapshotRuns`; its partition `lease` holds none. All methods throw
 * `StorageError`, or `RangeError` for a run id or date that cannot be a key.
 */
export class SnapshotRunsTableStore {
  readonly #table: EntityTable;

  constructor(table: EntityTable) {
    this.#table = table;
  }

  async upsert(run: SnapshotRun, options?: CallOptions): Promise<void> {
    await this.#table.upsert([snapshotRunRow.toEntity(run)], options);
  }

  /** `undefined` where there is no such run. */
  async get(
    snapshotDate: string,
    runId: string,
    options?: CallOptions,
  ): Promise<SnapshotRun | undefined> {
    const row = await this.#table.get(dateKey(snapshotDate), runKey(runId), options);
    return row && snapshotRunRow.fromRow(this.#table.name, row);
  }

  /** Runs of the dates `yyyy-MM-dd`, both included, by date and start time. */
  list(
    { from, to }: { from: string; to: string },
    options?: ListOptions,
  ): AsyncGenerator<SnapshotRun> {
    // Dates sort below `lease`, so that no range of dates contains it.
    const range = { partitions: { from: dateKey(from), to: dateKey(to) } };
    return listReadable(this.#table, range, snapshotRunRow.fromRow, options);
  }
}
