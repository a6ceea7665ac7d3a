import { odata } from '@azure/data-tables';
import { messageOf } from '../../errors.ts';
import { forEachBounded } from '../../forEachBounded.ts';
import { estimateBytes } from '../batches.ts';
import { customerKey, leaseKeys } from '../keys.ts';
import { type TableName, tableNames } from '../tableNames.ts';
import type { Tables } from '../tables.ts';
import { addRow, type CustomerRows } from './customerRows.ts';
import { type Line, LineError, splitLines } from './lines.ts';
import { type RawEntity, toRawEntity } from './rawRow.ts';
import { type RawOptions, RawTable } from './rawTable.ts';
import { type Removal, removalBefore, removalOf } from './removal.ts';
import { type BatchedRow, batchConsecutive, shareRow } from './rowBatches.ts';
import { fromLine, type TableRow, toLine } from './rowLine.ts';
import { toUsageFields, type UsageFields, usageColumns, usageSource } from './usageFields.ts';

/** Dates `yyyy-MM-dd` of recording, both included; absent: no bound. */
export interface ArchiveDates {
  from?: string | undefined;
  to?: string | undefined;
}

/** Called for each page or batch that is done, with the number of its rows. */
export type OnRows = (what: string, rows: number) => void;
export type OnImported = (table: TableName, rows: { added: number; there: number }) => void;

export interface ArchiveOptions<OnRows> extends RawOptions {
  onRows: OnRows;
}

const batchesInFlight = 8;

/**
 * Exports, imports and removes rows of any kind. Failures are `StorageError`s; memory does not grow
 * with the number of rows.
 */
export class Archive {
  readonly #tables: Readonly<Record<TableName, RawTable>>;
  readonly #ensureTables: () => Promise<void>;
  /** Of {@link listUsage}, in their order. */
  readonly usageColumns: readonly string[] = usageColumns;

  constructor(tables: Tables) {
    this.#tables = {
      UsageByCustomer: new RawTable(tables.usageByCustomer),
      UsageByDay: new RawTable(tables.usageByDay),
      UsageByAzureSubscription: new RawTable(tables.usageByAzureSubscription),
      SnapshotRuns: new RawTable(tables.snapshotRuns),
      BudgetAlerts: new RawTable(tables.budgetAlerts),
    };
    this.#ensureTables = () => tables.ensureTables();
  }

  /** Each table, with its name as the service knows it, prefix included. */
  get tables(): [TableName, string][] {
    return tableNames.map((name) => [name, this.#tables[name].name]);
  }

  /**
   * Every row of every table except the lease, each a line that `importLines` reads; the text of a
   * page at a time. By table, partition key and row key.
   *
   * @param options.onRows is called with the table of the rows
   */
  async *exportLines(
    dates: ArchiveDates,
    { onRows, ...options }: ArchiveOptions<OnRows>,
  ): AsyncGenerator<string> {
    for (const table of tableNames) {
      const isLease = odata`PartitionKey ne ${leaseKeys.partitionKey}`;
      const filter = filterOf(dates, table === 'SnapshotRuns' ? [isLease] : []);
      for await (const rows of this.#tables[table].listPages({ filter }, options)) {
        onRows(table, rows.length);
        yield rows.map((row) => `${toLine({ table, row })}\n`).join('');
      }
    }
  }

  /**
   * The rows of customers and subscriptions, without the bodies as received.
   *
   * @param options.onRows is called with the resource of the rows
   */
  async *listUsage(
    dates: ArchiveDates,
    { onRows, ...options }: ArchiveOptions<OnRows>,
  ): AsyncGenerator<UsageFields> {
    const ofCustomer = odata`(resource eq ${'customer'} or resource eq ${'subscription'})`;
    const query = { filter: filterOf(dates, [ofCustomer]), select: usageSource };
    for await (const rows of this.#tables.UsageByCustomer.listPages(query, options)) {
      for (const resource of ['customer', 'subscription']) {
        onRows(resource, rows.filter(({ columns }) => columns.get('resource') === resource).length);
      }
      yield* rows.map(toUsageFields);
    }
  }

  /**
   * Adds the rows of an export that are missing; existing rows stay as they are, so of a key that
   * occurs more than once the first row is kept. Missing tables are created. It may be stopped and
   * repeated at any moment.
   *
   * @param chunks of the file, as its bytes are read
   * @throws LineError for a line that is no row; those before it have been imported
   */
  async importLines(
    chunks: AsyncIterable<Uint8Array>,
    { onRows, ...options }: ArchiveOptions<OnImported>,
  ): Promise<void> {
    await this.#ensureTables();
    const batches = batchConsecutive(readRows(splitLines(chunks)));
    const importBatch = async (batch: ImportedRow[]) => {
      const [first] = batch;
      if (!first) return;
      const entities = batch.map(({ entity }) => entity);
      const added = await this.#tables[first.table].insertMissing(entities, options);
      onRows(first.table, { added, there: batch.length - added });
    };
    await forEachBounded(batches, batchesInFlight, importBatch, { hasToFollow: shareRow });
  }

  /**
   * What there is of a customer, before it is removed.
   *
   * @throws RangeError when it cannot be a customer's id
   */
  async inspectCustomer(customerId: string, options: RawOptions): Promise<CustomerRows> {
    const found: CustomerRows = { rows: 0 };
    for (const [name, filter] of Object.entries(removalOf(customerId))) {
      const query = { filter, select: ['snapshotDate', 'customerName'] };
      for await (const page of this.#tables[name as TableName].listPages(query, options)) {
        for (const { columns } of page) addRow(found, columns);
      }
    }
    return found;
  }

  /**
   * Removes what was recorded before a date: see `removalBefore`. Run again it goes on.
   *
   * @throws RangeError when it is no date
   */
  async prune(date: string, options: ArchiveOptions<OnRows>): Promise<void> {
    await this.#remove(removalBefore(date), options);
  }

  /**
   * Removes every row of a customer (see `removalOf`), and its id from the errors of runs. Run again
   * it goes on.
   *
   * @throws RangeError when it cannot be a customer's id
   */
  async forget(customerId: string, options: ArchiveOptions<OnRows>): Promise<void> {
    await this.#remove(removalOf(customerId), options);
    await this.#clearErrors(customerKey(customerId), options);
  }

  /** What failed a run is told with the path of the request, of which the customer's id is a part. */
  async #clearErrors(id: string, options: RawOptions): Promise<void> {
    const table = this.#tables.SnapshotRuns;
    for await (const page of table.listPages({ select: ['error'] }, options)) {
      for (const { partitionKey, rowKey, columns } of page) {
        const error = columns.get('error');
        if (typeof error !== 'string' || !error.includes(id)) continue;
        const cleared = { error: error.replaceAll(id, 'a customer that was removed') };
        await table.merge({ partitionKey, rowKey, ...cleared }, options);
      }
    }
  }

  async #remove(
    removal: Partial<Removal>,
    { onRows, ...options }: ArchiveOptions<OnRows>,
  ): Promise<void> {
    for (const name of tableNames) {
      const filter = removal[name];
      if (filter === undefined) continue;
      const table = this.#tables[name];
      const batches = batchConsecutive(keysOf(table, filter, options));
      await forEachBounded(batches, batchesInFlight, async (batch) => {
        await table.deleteAll(
          batch.map(({ place, rowKey }) => ({ partitionKey: place, rowKey })),
          options,
        );
        onRows(name, batch.length);
      });
    }
  }
}

interface ImportedRow extends BatchedRow {
  table: TableName;
  entity: RawEntity;
}

async function* readRows(lines: AsyncIterable<Line>): AsyncGenerator<ImportedRow> {
  for await (const { number, text } of lines) {
    const { table, row } = readLine(number, text);
    const entity = toRawEntity(row);
    const { partitionKey, rowKey } = row;
    const place = JSON.stringify([table, partitionKey]);
    yield { table, entity, place, rowKey, bytes: estimateBytes(entity) };
  }
}

function readLine(number: number, text: string): TableRow {
  try {
    const line = fromLine(text);
    // An imported lease would block the next run although no run holds it.
    if (line.table === 'SnapshotRuns' && line.row.partitionKey === leaseKeys.partitionKey) {
      throw new RangeError('expected a run, got the lease');
    }
    return line;
  } catch (error) {
    throw new LineError(number, messageOf(error), { cause: error });
  }
}

async function* keysOf(
  table: RawTable,
  filter: string,
  options: RawOptions,
): AsyncGenerator<BatchedRow> {
  for await (const { partitionKey, rowKey } of table.listKeys(filter, options)) {
    yield { place: partitionKey, rowKey, bytes: 0 };
  }
}

function filterOf({ from, to }: ArchiveDates, conditions: readonly string[]): string | undefined {
  const all = [...conditions];
  if (from !== undefined) all.push(odata`snapshotDate ge ${from}`);
  if (to !== undefined) all.push(odata`snapshotDate le ${to}`);
  return all.length === 0 ? undefined : all.join(' and ');
}
