import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import type { CallOptions } from '../callOptions.ts';
import { type RefusedRow, RowsRefusedError } from '../errors.ts';
import { splitIntoBatches } from './batches.ts';
import type { Entity } from './columns.ts';
import type { DatedRow, EntityTable, RowRange } from './entityTable.ts';
import type { Row } from './rowReader.ts';
import { toStorageError } from './sdkError.ts';
import { StorageError, type StoragePlace } from './storageError.ts';

/** Table Storage: an answer holds at most 1,000 entities. */
const largestPage = 1_000;

/** A table of Azure Table Storage, or of its emulator. Failures are `StorageError`s. */
export class AzureTable implements EntityTable {
  readonly name: string;
  readonly #client: TableClient;

  constructor(client: TableClient) {
    this.name = client.tableName;
    this.#client = client;
  }

  async upsert(entities: readonly Entity[], options: CallOptions = {}): Promise<void> {
    for (const batch of batchesOf(entities)) await this.#upsertBatch(batch, options);
  }

  async upsertEach(entities: readonly Entity[], options: CallOptions = {}): Promise<void> {
    const refused: RefusedRow[] = [];
    for (const batch of batchesOf(entities)) {
      for (const [entity, { code, status, message }] of await this.#upsertOrHalve(batch, options)) {
        const index = entities.indexOf(entity);
        refused.push({ index, code, message, ...(status !== undefined && { status }) });
      }
    }
    if (refused.length > 0) throw new RowsRefusedError(refused);
  }

  async insert(entity: Entity, options: CallOptions = {}): Promise<boolean> {
    return this.#write(entity, ['EntityAlreadyExists'], options, () =>
      this.#client.createEntity(entity, sdkOptions(options)),
    );
  }

  async replace(entity: Entity, etag: string, options: CallOptions = {}): Promise<boolean> {
    const refusals = ['UpdateConditionNotSatisfied', 'ResourceNotFound'];
    return this.#write(entity, refusals, options, () =>
      this.#client.updateEntity(entity, 'Replace', { etag, ...sdkOptions(options) }),
    );
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
    let dateMs = Number.NaN;
    const onResponse: OperationOptions['onResponse'] = ({ headers }) => {
      dateMs = Date.parse(headers.get('date') ?? '');
    };
    const dated = (row: Row | undefined) => ({ row, ...(!Number.isNaN(dateMs) && { dateMs }) });
    try {
      const callOptions = { ...sdkOptions(options), onResponse };
      return dated(await this.#client.getEntity<Row>(partitionKey, rowKey, callOptions));
    } catch (error) {
      const failure = toStorageError(error, { table: this.name, partitionKey, rowKey }, options);
      // A missing table has the same status, but another code.
      if (failure instanceof StorageError && failure.code === 'ResourceNotFound')
        return dated(undefined);
      throw failure;
    }
  }

  async *list(range: RowRange, options: CallOptions = {}): AsyncGenerator<Row> {
    const { columns, limit = Number.POSITIVE_INFINITY } = range;
    const select = columns && ['partitionKey', 'rowKey', ...columns];
    const entities = this.#client.listEntities<Row>({
      queryOptions: { filter: filterOf(range), ...(select && { select }) },
      ...sdkOptions(options),
    });
    const { from, to } = range.partitions;
    const partitionKey = from === to ? from : `${from} to ${to}`;
    try {
      let listed = 0;
      for await (const page of entities.byPage({ maxPageSize: Math.min(limit, largestPage) })) {
        for (const row of page) {
          yield row;
          // Checked here, as asking for another row could send a request.
          if (++listed === limit) return;
        }
      }
    } catch (error) {
      const failure = toStorageError(error, { table: this.name, partitionKey }, options);
      // A table that does not exist yet has no rows.
      if (failure instanceof StorageError && failure.code === 'TableNotFound') return;
      throw failure;
    }
  }

  /** A write with a condition; `false` where the service says that it does not hold. */
  async #write(
    { partitionKey, rowKey }: Entity,
    refusals: readonly string[],
    options: CallOptions,
    write: () => Promise<unknown>,
  ): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      const failure = toStorageError(error, { table: this.name, partitionKey, rowKey }, options);
      if (failure instanceof StorageError && refusals.includes(failure.code)) return false;
      throw failure;
    }
  }

  /** Writes a batch; where it is refused, it is halved until the refused rows are found. */
  async #upsertOrHalve(
    batch: Entity[],
    options: CallOptions,
  ): Promise<[entity: Entity, error: StorageError][]> {
    try {
      await this.#upsertBatch(batch, options);
      return [];
    } catch (error) {
      if (!(error instanceof StorageError) || !isAboutRows(error)) throw error;
      const [first] = batch;
      if (first !== undefined && batch.length === 1) return [[first, error]];
      const middle = Math.ceil(batch.length / 2);
      return [
        ...(await this.#upsertOrHalve(batch.slice(0, middle), options)),
        ...(await this.#upsertOrHalve(batch.slice(middle), options)),
      ];
    }
  }

  async #upsertBatch(batch: Entity[], options: CallOptions): Promise<void> {
    const place = { table: this.name, partitionKey: batch[0]?.partitionKey ?? '' };
    try {
      await this.#sendBatch(batch, place, options);
    } catch (error) {
      throw toStorageError(error, place, options);
    }
  }

  async #sendBatch(batch: Entity[], place: StoragePlace, options: CallOptions): Promise<void> {
    const [first] = batch;
    if (first !== undefined && batch.length === 1) {
      await this.#client.upsertEntity(first, 'Replace', sdkOptions(options));
      return;
    }
    const actions = batch.map((entity): TransactionAction => ['upsert', entity, 'Replace']);
    const { subResponses } = await this.#client.submitTransaction(actions, sdkOptions(options));
    // The SDK throws what the service reports, but takes a truncated answer for a success.
    const succeeded = subResponses.filter(({ status }) => status >= 200 && status < 300).length;
    if (succeeded !== batch.length) {
      throw new StorageError(
        'INCOMPLETE_ANSWER',
        place,
        `expected ${batch.length} rows to be confirmed, got ${succeeded}`,
      );
    }
  }
}

/** Transactions, each of one partition. */
function* batchesOf(entities: readonly Entity[]): Generator<Entity[]> {
  for (const [, rows] of Map.groupBy(entities, (entity) => entity.partitionKey)) {
    yield* splitIntoBatches(rows);
  }
}

/** Table service, error codes: the content of a row is refused by 400, its size also by 413. */
const refusals: readonly unknown[] = [400, 413];
/** Codes of these statuses that are not about rows (`InvalidAuthenticationInfo`, …). */
const aboutTheCall = /Authentication|Header|Host|Http|Method|Query|Ur[il]/;

/** Whether rows were refused because of their content, so that others can still be written. */
function isAboutRows({ status, code }: StorageError): boolean {
  return refusals.includes(status) && !aboutTheCall.test(code);
}

function filterOf({ partitions, rows, snapshotDates, isFalse, hasFlag }: RowRange): string {
  const conditions = [
    partitions.from === partitions.to
      ? odata`PartitionKey eq ${partitions.from}`
      : odata`PartitionKey ge ${partitions.from} and PartitionKey le ${partitions.to}`,
  ];
  if (rows) conditions.push(odata`RowKey ge ${rows.from} and RowKey le ${rows.to}`);
  if (snapshotDates) {
    conditions.push(
      odata`snapshotDate ge ${snapshotDates.from} and snapshotDate le ${snapshotDates.to}`,
    );
  }
  if (isFalse !== undefined) conditions.push(`${isFalse} eq false`);
  // OData of the service has no test for an absent column, with which no comparison holds.
  if (hasFlag !== undefined) conditions.push(`(${hasFlag} eq true or ${hasFlag} eq false)`);
  return conditions.join(' and ');
}

type OperationOptions = NonNullable<Parameters<TableClient['getEntity']>[2]>;

/** The SDK's options do not take a signal that is `undefined`. */
export function sdkOptions({ abortSignal }: CallOptions): { abortSignal?: AbortSignal } {
  return abortSignal === undefined ? {} : { abortSignal };
}
