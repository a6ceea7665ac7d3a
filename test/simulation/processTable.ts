import type { CallOptions } from '../../src/callOptions.ts';
import type { Entity } from '../../src/storage/columns.ts';
import type { DatedRow, EntityTable, RowRange } from '../../src/storage/entityTable.ts';
import type { MemoryTable } from '../../src/storage/memoryTable.ts';
import type { Row } from '../../src/storage/rowReader.ts';
import { StorageError } from '../../src/storage/storageError.ts';
import type { VirtualClock } from '../support/virtualClock.ts';
import type { Ledger, Writer } from './ledger.ts';
import type { Lifeline } from './lifeline.ts';
import type { StorageFault, TableName, Weather } from './weather.ts';

export interface ProcessTableOptions {
  table: TableName;
  rows: MemoryTable;
  writer: Writer;
  lifeline: Lifeline;
  weather: Weather;
  ledger: Ledger;
  clock: VirtualClock;
}

/** Rows on a page of a list. */
const rowsPerPage = 100;

/** A table as one process reaches it, in whatever weather. */
export class ProcessTable implements EntityTable {
  readonly name: string;
  readonly #options: ProcessTableOptions;

  constructor(options: ProcessTableOptions) {
    this.#options = options;
    this.name = options.table;
  }

  async upsert(entities: readonly Entity[], options: CallOptions = {}): Promise<void> {
    const { ledger, writer, weather } = this.#options;
    const call = ledger.beginWrite(writer);
    for (const [, rows] of Map.groupBy(entities, (entity) => entity.partitionKey)) {
      const { rowsPerTransaction } = weather.faults;
      for (let start = 0; start < rows.length; start += rowsPerTransaction) {
        const batch = rows.slice(start, start + rowsPerTransaction);
        await this.#call(
          batch[0]?.partitionKey,
          ['busy', 'half', 'lost'],
          options,
          async (fault) => {
            const count = fault === 'half' ? weather.rowsWritten(batch.length) : batch.length;
            await this.#write(batch.slice(0, count), call, options);
            if (fault === 'half') throw this.#error('half');
          },
        );
      }
    }
  }

  upsertEach(entities: readonly Entity[], options?: CallOptions): Promise<void> {
    return this.upsert(entities, options);
  }

  async insert(entity: Entity, options: CallOptions = {}): Promise<boolean> {
    return this.#conditional(entity, options, () => this.#options.rows.insert(entity));
  }

  async replace(entity: Entity, etag: string, options: CallOptions = {}): Promise<boolean> {
    return this.#conditional(entity, options, () => this.#options.rows.replace(entity, etag));
  }

  async get(
    partitionKey: string,
    rowKey: string,
    options: CallOptions = {},
  ): Promise<Row | undefined> {
    return (await this.getDated(partitionKey, rowKey, options)).row;
  }

  async getDated(
    partitionKey: string,
    rowKey: string,
    options: CallOptions = {},
  ): Promise<DatedRow> {
    const { rows } = this.#options;
    return this.#call(partitionKey, ['busy'], options, () => rows.getDated(partitionKey, rowKey));
  }

  async *list(range: RowRange, options: CallOptions = {}): AsyncGenerator<Row> {
    const { rows } = this.#options;
    const iterator = rows.list(range);
    for (let isEnd = false; !isEnd; ) {
      const page = await this.#call(range.partitions.from, ['busy'], options, async () => {
        const items: Row[] = [];
        while (items.length < rowsPerPage) {
          const next = await iterator.next();
          if (next.done) break;
          items.push(next.value);
        }
        return items;
      });
      yield* page;
      isEnd = page.length < rowsPerPage;
    }
  }

  /** Asks whether the tables are there. */
  async ensure(options: CallOptions = {}): Promise<void> {
    await this.#call(undefined, ['busy'], options, async () => {});
  }

  async #conditional(
    entity: Entity,
    options: CallOptions,
    write: () => Promise<boolean>,
  ): Promise<boolean> {
    const { ledger, writer, table } = this.#options;
    const isLease = table === 'SnapshotRuns';
    const call = isLease ? ledger.conditionalWrite(writer) : ledger.beginWrite(writer);
    return this.#call(entity.partitionKey, ['busy', 'lost', 'conflict'], options, async (fault) => {
      if (this.#isSwallowed(options)) return false;
      const isWritten = await write();
      if (isWritten) ledger.written(table, [entity], call);
      // As after a lost answer, when the second try finds the first one's row.
      return fault === 'conflict' ? false : isWritten;
    });
  }

  async #write(
    batch: Entity[],
    call: ReturnType<Ledger['beginWrite']>,
    options: CallOptions,
  ): Promise<void> {
    const { rows, ledger, table } = this.#options;
    if (this.#isSwallowed(options)) return;
    const tampered = ledger.tamper(table, batch);
    await rows.upsert(tampered);
    ledger.written(table, tampered, call);
  }

  /** Whether a call that its process gave up, or did not live to see ended, is lost on the way. */
  #isSwallowed({ abortSignal }: CallOptions): boolean {
    const { lifeline, weather } = this.#options;
    const isGivenUp = lifeline.isDead || abortSignal?.aborted === true;
    return isGivenUp && !weather.arrivesPosthumously();
  }

  /** A call as the process makes it: it hears no more of one that it gave up. */
  #call<T>(
    partition: string | undefined,
    possible: readonly StorageFault[],
    { abortSignal }: CallOptions,
    act: (fault: StorageFault | undefined) => Promise<T>,
  ): Promise<T> {
    abortSignal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const onAbort = () => reject(abortSignal?.reason);
    abortSignal?.addEventListener('abort', onAbort, { once: true });
    const stopListening = () => abortSignal?.removeEventListener('abort', onAbort);
    this.#options.lifeline
      .pass('table', () => this.#send(partition, possible, act, abortSignal))
      .then(resolve, reject)
      .then(stopListening, stopListening);
    return promise;
  }

  async #send<T>(
    partition: string | undefined,
    possible: readonly StorageFault[],
    act: (fault: StorageFault | undefined) => Promise<T>,
    abortSignal: AbortSignal | undefined,
  ): Promise<T> {
    const { weather, clock, table, writer } = this.#options;
    const fault = weather.strike(table, possible);
    if (fault) writer.life?.troubledPartitions.add(`${writer.runId} ${partition}`);
    const delayMs = weather.delayMs(fault);
    if (delayMs > 0) await clock.sleep(delayMs, fault === 'hang' ? abortSignal : undefined);
    if (fault === 'busy' || fault === 'unreachable' || fault === 'hang') throw this.#error(fault);
    const result = await act(fault);
    if (fault === 'lost') throw this.#error(fault);
    return result;
  }

  #error(fault: StorageFault): StorageError {
    const { table } = this.#options;
    const [code, status] =
      fault === 'busy' ? ['ServerBusy', 503] : fault === 'half' ? ['HTTP_500', 500] : ['ETIMEDOUT'];
    return new StorageError(String(code), { table }, `simulated: ${fault}`, {
      status: typeof status === 'number' ? status : undefined,
    });
  }
}
