import type { CallOptions, Fence, FencedKind } from '../callOptions.ts';
import type { Entity } from './columns.ts';
import type { DatedRow, EntityTable, RowRange } from './entityTable.ts';
import type { Row } from './rowReader.ts';

/** A table behind a fence: the fence ends each call and checks each write. */
export class FencedTable implements EntityTable {
  readonly name: string;
  readonly #table: EntityTable;
  readonly #fence: Fence;
  readonly #kind: FencedKind;

  constructor(table: EntityTable, fence: Fence, kind: FencedKind) {
    this.name = table.name;
    this.#table = table;
    this.#fence = fence;
    this.#kind = kind;
  }

  async upsert(entities: readonly Entity[], options?: CallOptions): Promise<void> {
    return this.#table.upsert(entities, this.#toWrite(options));
  }

  async upsertEach(entities: readonly Entity[], options?: CallOptions): Promise<void> {
    return this.#table.upsertEach(entities, this.#toWrite(options));
  }

  async insert(entity: Entity, options?: CallOptions): Promise<boolean> {
    return this.#table.insert(entity, this.#toWrite(options));
  }

  async replace(entity: Entity, etag: string, options?: CallOptions): Promise<boolean> {
    return this.#table.replace(entity, etag, this.#toWrite(options));
  }

  get(partitionKey: string, rowKey: string, options?: CallOptions): Promise<Row | undefined> {
    return this.#table.get(partitionKey, rowKey, this.#toRead(options));
  }

  getDated(partitionKey: string, rowKey: string, options?: CallOptions): Promise<DatedRow> {
    return this.#table.getDated(partitionKey, rowKey, this.#toRead(options));
  }

  list(range: RowRange, options?: CallOptions): AsyncGenerator<Row> {
    return this.#table.list(range, this.#toRead(options));
  }

  #toWrite(options: CallOptions | undefined): CallOptions {
    this.#fence.assertWritable();
    return this.#toRead(options);
  }

  #toRead(options: CallOptions | undefined): CallOptions {
    return { ...options, abortSignal: this.#fence.callSignal(this.#kind) };
  }
}
