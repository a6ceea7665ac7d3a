import type { CallOptions } from '../callOptions.ts';
import type { Entity } from './columns.ts';
import type { KeyRange } from './keys.ts';
import type { Row } from './rowReader.ts';

/** A row, and when the service gave it out. */
export interface DatedRow {
  row: Row | undefined;
  /** `Date` of the answer, milliseconds since the epoch in whole seconds; absent where it has none. */
  dateMs?: number;
}

/** Which rows to list, all bounds included. */
export interface RowRange {
  partitions: KeyRange;
  /** Absent: all rows of the partitions. */
  rows?: KeyRange;
  /** Compares the column `snapshotDate`, for keys that do not sort by date. */
  snapshotDates?: KeyRange;
  /** Name of a Boolean column: only rows where it is there, and false. */
  isFalse?: string;
  /**
   * The columns to give beside the keys, and no others; absent: all. One that a row does not have
   * may be there as `null`.
   */
  columns?: readonly string[] | undefined;
  /** How many rows at most, 1 or more. */
  limit?: number | undefined;
}

/** What the stores need of a table: the service's, or one in memory. */
export interface EntityTable {
  /** As the service knows it, prefix included. */
  readonly name: string;
  /**
   * Puts each row in place of what its key held. Rows of one partition go in as few transactions
   * as hold them, one after the other; of two rows with the same key the later counts.
   */
  upsert(entities: readonly Entity[], options?: CallOptions): Promise<void>;
  /**
   * The same for rows that stand each for itself: one that the table refuses for what it holds keeps
   * none of the others from being written.
   *
   * @throws RowsRefusedError that names those, once all the others are written
   */
  upsertEach(entities: readonly Entity[], options?: CallOptions): Promise<void>;
  /** Adds a row; `false` where there is one with its key. */
  insert(entity: Entity, options?: CallOptions): Promise<boolean>;
  /**
   * Puts a row in place of the one that was read with this `etag`; `false` where that has changed
   * since, or is gone.
   */
  replace(entity: Entity, etag: string, options?: CallOptions): Promise<boolean>;
  /**
   * `undefined` where there is no such row. The row has its `etag`, and as `timestamp` the instant
   * at which the service wrote it (ISO 8601).
   */
  get(partitionKey: string, rowKey: string, options?: CallOptions): Promise<Row | undefined>;
  /** The same with the service's time beside it: comparable to a `timestamp`, unlike our own. */
  getDated(partitionKey: string, rowKey: string, options?: CallOptions): Promise<DatedRow>;
  /** By partition key, then row key. */
  list(range: RowRange, options?: CallOptions): AsyncGenerator<Row>;
}
