import type { Entity } from '../../src/storage/columns.ts';
import type { CallOptions, EntityTable, RowRange } from '../../src/storage/entityTable.ts';
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
    const { ledger, writer, weather, lifeline } = this.#options;
    const call = ledger.beginWrite(writer);
    for (const [, rows] of Map.groupBy(entities, (entity) => entity.partitionKey)) {
      const { rowsPerTransaction } = weather.faults;
      for (let start = 0; start < rows.length; start += rowsPerTransaction) {
        const batch = rows.slice(start, start + rowsPerTransaction);
        await lifeline.pass('table', () =>
          this.#call(batch[0]?.partitionKey, ['busy', 'half', 'lost'], options, async (fault) => {
            const count = fault === 'half' ? weather.rowsWritten(batch.length) : batch.length;
            await this.#write(batch.slice(0, count), call);
            if (fault === 'half') throw this.#error('half');
          }),
        );
      }
    }
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
    const { lifeline, rows } = this.#options;
    return lifeline.pass('table', () =>
      this.#call(partitionKey, ['busy'], options, () => rows.get(partitionKey, rowKey)),
    );
  }

  async *list(range: RowRange, options: CallOptions = {}): AsyncGenerator<Row> {
    const { lifeline, rows } = this.#options;
    const iterator = rows.list(range);
    for (let isEnd = false; !isEnd; ) {
      const page = await lifeline.pass('table', () =>
        this.#call(range.partitions.from, ['busy'], options, async () => {
          const items: Row[] = [];
          while (items.length < rowsPerPage) {
            const next = await iterator.next();
            if (next.done) break;
            items.push(next.value);
          }
          return items;
        }),
      );
      yield* page;
      isEnd = page.length < rowsPerPage;
    }
  }

  /** Asks whether the tables are there. */
  async ensure(): Promise<void> {
    await this.#options.lifeline.pass('table', () =>
      this.#call(undefined, ['busy'], {}, async () => {}),
    );
  }

  async #conditional(
    entity: Entity,
    options: CallOptions,
    write: () => Promise<boolean>,
  ): Promise<boolean> {
    const { lifeline, ledger, writer, table } = this.#options;
    const isLease = table === 'SnapshotRuns';
    const call = isLease ? ledger.conditionalWrite(writer) : ledger.beginWrite(writer);
    return lifeline.pass('table', () =>
      this.#call(entity.partitionKey, ['busy', 'lost', 'conflict'], options, async (fault) => {
        if (this.#isSwallowed()) return false;
        const isWritten = await write();
        if (isWritten) ledger.written(table, [entity], call);
        // As after a lost answer, when the second try finds the first one's row.
        return fault === 'conflict' ? false : isWritten;
      }),
    );
  }

  async #write(batch: Entity[], call: ReturnType<Ledger['beginWrite']>): Promise<void> {
    const { rows, ledger, table } = this.#options;
    if (this.#isSwallowed()) return;
    const tampered = ledger.tamper(table, batch);
    await rows.upsert(tampered);
    ledger.written(table, tampered, call);
  }

  /** Whether a call that its process did not live to see ended is lost on the way. */
  #isSwallowed(): boolean {
    const { lifeline, weather } = this.#options;
    return lifeline.isDead && !weather.arrivesPosthumously();
  }

  async #call<T>(
    partition: string | undefined,
    possible: readonly StorageFault[],
    { abortSignal }: CallOptions,
    act: (fault: StorageFault | undefined) => Promise<T>,
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
