import type { CallOptions } from '../callOptions.ts';
import type { Entity } from './columns.ts';
import type { KeyRange } from './keys.ts';
import type { Row } from './rowReader.ts';

/** A row, and when the service sent it. */
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
  /** Name of a Boolean column: only rows where it is present and false. */
  isFalse?: string;
  /** Name of a Boolean column: only rows where it is present. */
  hasFlag?: string;
  /**
   * The columns to return besides the keys; absent: all. One that a row does not have may be
   * returned as `null`.
   */
  columns?: readonly string[] | undefined;
  /** Maximum of rows, 1 or more. */
  limit?: number | undefined;
}

/** What the stores need of a table: the service's, or one in memory. */
export interface EntityTable {
  /** As the service knows it, prefix included. */
  readonly name: string;
  /**
   * Inserts or replaces rows. Rows of one partition are sent in as few transactions as possible,
   * one after the other; of two rows with the same key the later counts.
   */
  upsert(entities: readonly Entity[], options?: CallOptions): Promise<void>;
  /**
   * The same for independent rows: where the table refuses one because of its content, all others
   * are still written.
   *
   * @throws RowsRefusedError that names those, once all the others are written
   */
  upsertEach(entities: readonly Entity[], options?: CallOptions): Promise<void>;
  /** Adds a row; `false` where a row with its key exists. */
  insert(entity: Entity, options?: CallOptions): Promise<boolean>;
  /**
   * Replaces the row that was read with this `etag`; `false` where that has changed since or was
   * removed.
   */
  replace(entity: Entity, etag: string, options?: CallOptions): Promise<boolean>;
  /**
   * `undefined` where there is no such row. The row has its `etag`, and as `timestamp` the instant
   * at which the service wrote it (ISO 8601).
   */
  get(partitionKey: string, rowKey: string, options?: CallOptions): Promise<Row | undefined>;
  /** The same with the service's time, which unlike our own is comparable to a `timestamp`. */
  getDated(partitionKey: string, rowKey: string, options?: CallOptions): Promise<DatedRow>;
  /** By partition key, then row key. */
  list(range: RowRange, options?: CallOptions): AsyncGenerator<Row>;
}
