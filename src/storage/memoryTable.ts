import type { CallOptions } from '../callOptions.ts';
import { systemClock } from '../clock.ts';
import type { Entity } from './columns.ts';
import type { DatedRow, EntityTable, RowRange } from './entityTable.ts';
import type { KeyRange } from './keys.ts';
import type { Row } from './rowReader.ts';

const secondMs = 1_000;

/** A table in memory, for tests and simulations. */
export class MemoryTable implements EntityTable {
  readonly name: string;
  readonly #now: () => number;
  readonly #partitions = new Map<string, Map<string, Entity & { etag: string }>>();
  #writes = 0;

  /** @param now what the service's clock shows, milliseconds since the epoch */
  constructor(name: string, now: () => number = systemClock.now) {
    this.name = name;
    this.#now = now;
  }

  async upsert(entities: readonly Entity[], { abortSignal }: CallOptions = {}): Promise<void> {
    abortSignal?.throwIfAborted();
    for (const entity of entities) this.#put(entity);
  }

  upsertEach(entities: readonly Entity[], options?: CallOptions): Promise<void> {
    return this.upsert(entities, options);
  }

  async insert(entity: Entity, { abortSignal }: CallOptions = {}): Promise<boolean> {
    abortSignal?.throwIfAborted();
    if (this.#partitions.get(entity.partitionKey)?.has(entity.rowKey)) return false;
    this.#put(entity);
    return true;
  }

  async replace(entity: Entity, etag: string, { abortSignal }: CallOptions = {}): Promise<boolean> {
    abortSignal?.throwIfAborted();
    const present = this.#partitions.get(entity.partitionKey)?.get(entity.rowKey);
    if (present?.etag !== etag) return false;
    this.#put(entity);
    return true;
  }

  async get(
    partitionKey: string,
    rowKey: string,
    { abortSignal }: CallOptions = {},
  ): Promise<Row | undefined> {
    abortSignal?.throwIfAborted();
    return this.#partitions.get(partitionKey)?.get(rowKey);
  }

  async getDated(partitionKey: string, rowKey: string, options?: CallOptions): Promise<DatedRow> {
    const row = await this.get(partitionKey, rowKey, options);
    return { row, dateMs: Math.floor(this.#now() / secondMs) * secondMs };
  }

  async *list(range: RowRange, { abortSignal }: CallOptions = {}): AsyncGenerator<Row> {
    abortSignal?.throwIfAborted();
    let listed = 0;
    for (const [, rows] of sortedWithin(this.#partitions, range.partitions)) {
      for (const [, row] of sortedWithin(rows, range.rows)) {
        abortSignal?.throwIfAborted();
        if (!isWithin(String(row['snapshotDate']), range.snapshotDates)) continue;
        if (range.isFalse !== undefined && row[range.isFalse] !== false) continue;
        if (range.hasFlag !== undefined && typeof row[range.hasFlag] !== 'boolean') continue;
        yield withColumns(row, range.columns);
        if (++listed === range.limit) return;
      }
    }
  }

  #put(entity: Entity): void {
    const { partitionKey, rowKey } = entity;
    const partition = this.#partitions.get(partitionKey) ?? new Map();
    this.#partitions.set(partitionKey, partition);
    const timestamp = new Date(this.#now()).toISOString();
    partition.set(rowKey, { ...entity, timestamp, etag: String(++this.#writes) });
  }
}

/** The service compares keys by UTF-16 unit, and so does JavaScript. */
function sortedWithin<Value>(
  map: ReadonlyMap<string, Value>,
  range: KeyRange | undefined,
): [string, Value][] {
  return [...map]
    .filter(([key]) => isWithin(key, range))
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

function withColumns(row: Row, columns: readonly string[] | undefined): Row {
  if (columns === undefined) return row;
  const { partitionKey, rowKey } = row;
  const kept = columns.filter((column) => column in row).map((column) => [column, row[column]]);
  return { partitionKey, rowKey, ...Object.fromEntries(kept) };
}

function isWithin(text: string, range: KeyRange | undefined): boolean {
  return range === undefined || (range.from <= text && text <= range.to);
}
