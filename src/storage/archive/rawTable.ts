import { odata, RestError, type TableClient, type TransactionAction } from '@azure/data-tables';
import { messageOf } from '../../errors.ts';
import { parseExactJson } from '../../usage/exactJson.ts';
import type { RowKeys } from '../keys.ts';
import { toStorageError } from '../sdkError.ts';
import { StorageError, unreadableAnswer } from '../storageError.ts';
import { type RawEntity, type RawRow, toRawRow } from './rawRow.ts';

/** Table Storage: an answer holds at most 1,000 rows. */
const pageRows = 1_000;

export interface RawOptions {
  /** Ends the call with the signal's reason. */
  abortSignal: AbortSignal;
}

/** Which rows, and which of their columns besides the keys; all by default. */
export interface RawQuery {
  /** OData. */
  filter?: string | undefined;
  select?: readonly string[];
}

/**
 * A table as it is stored, to copy and remove rows of any kind. Failures are `StorageError`s; a
 * table that does not exist yet has no rows.
 */
export class RawTable {
  /** As the service knows it, prefix included. */
  readonly name: string;
  readonly #client: TableClient;

  constructor(client: TableClient) {
    this.name = client.tableName;
    this.#client = client;
  }

  /**
   * The rows by partition key and row key, a page at a time.
   *
   * They are read from the text of the answer, as the SDK's own rows do not distinguish the Double
   * 100.0 from the Int32 100.
   */
  async *listPages(query: RawQuery, options: RawOptions): AsyncGenerator<RawRow[]> {
    let text = '';
    const onResponse = (response: { bodyAsText?: string | null }) => {
      text = response.bodyAsText ?? '';
    };
    for await (const _ of this.#pages(query, options, onResponse)) yield this.#read(text);
  }

  /** The keys of rows, by partition key and row key. */
  async *listKeys(filter: string, options: RawOptions): AsyncGenerator<RowKeys> {
    for await (const page of this.#pages({ filter, select: [] }, options)) yield* page;
  }

  /**
   * Adds those rows of a batch, all of one partition and each key once, whose key is missing, in
   * one transaction. Existing rows stay as they are.
   *
   * @returns how many were added
   */
  async insertMissing(batch: readonly RawEntity[], options: RawOptions): Promise<number> {
    const there = await this.#listThere(batch, options);
    const missing = batch.filter(({ rowKey }) => !there.has(rowKey));
    return await this.#submit('create', missing, 'EntityAlreadyExists', options);
  }

  /** Removes the rows of a batch, all of one partition; one that is gone already is no error. */
  async deleteAll(batch: readonly RowKeys[], options: RawOptions): Promise<void> {
    await this.#submit('delete', batch, 'ResourceNotFound', options);
  }

  /** Replaces columns of a row; one that is gone already is no error. */
  async merge(row: RawEntity, options: RawOptions): Promise<void> {
    try {
      await this.#client.updateEntity(row, 'Merge', options);
    } catch (error) {
      const failure = toStorageError(error, { table: this.name, ...row }, options);
      if (failure instanceof StorageError && failure.code === 'ResourceNotFound') return;
      throw failure;
    }
  }

  /** Of the batch's row keys those that the table has. */
  async #listThere(batch: readonly RowKeys[], options: RawOptions): Promise<Set<string>> {
    const keys = batch.map(({ rowKey }) => rowKey).sort();
    const [from = ''] = keys;
    const to = keys.at(-1) ?? '';
    const partitionKey = batch[0]?.partitionKey ?? '';
    const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${from} and RowKey le ${to}`;
    // The range may contain any number of other keys: only those of the batch are kept.
    const asked = new Set(keys);
    const there = new Set<string>();
    for await (const { rowKey } of this.listKeys(filter, options)) {
      if (asked.has(rowKey)) there.add(rowKey);
    }
    return there;
  }

  /**
   * Writes a batch in one transaction. Where the service refuses one of its rows by `refusal`, as
   * another writer was faster, each row is sent separately.
   *
   * @returns how many rows were written
   */
  async #submit(
    verb: 'create' | 'delete',
    batch: readonly RawEntity[] | readonly RowKeys[],
    refusal: string,
    options: RawOptions,
  ): Promise<number> {
    if (batch.length === 0) return 0;
    const actions = batch.map((row): TransactionAction => [verb, { ...row }]);
    if (await this.#isDone(actions, refusal, options)) return batch.length;
    if (actions.length === 1) return 0;
    let written = 0;
    for (const action of actions) {
      if (await this.#isDone([action], refusal, options)) written++;
    }
    return written;
  }

  /** `false` where the service refuses it by `refusal`. */
  async #isDone(
    actions: TransactionAction[],
    refusal: string,
    options: RawOptions,
  ): Promise<boolean> {
    const [first] = actions;
    const place = { table: this.name, partitionKey: first?.[1].partitionKey ?? '' };
    try {
      if (first && actions.length === 1) await this.#doOne(first, options);
      else await this.#doAll(actions, options);
      return true;
    } catch (error) {
      const failure = toStorageError(error, place, options);
      if (failure instanceof StorageError && failure.code === refusal) return false;
      throw failure;
    }
  }

  async #doOne([verb, row]: TransactionAction, options: RawOptions): Promise<void> {
    const { partitionKey, rowKey } = row;
    if (verb === 'create')
      await this.#client.createEntity({ ...row, partitionKey, rowKey }, options);
    else await this.#client.deleteEntity(partitionKey, rowKey, options);
  }

  async #doAll(actions: TransactionAction[], options: RawOptions): Promise<void> {
    const { subResponses } = await this.#client.submitTransaction(actions, options);
    // The SDK throws what the service reports, but takes a truncated answer for a success.
    const done = subResponses.filter(({ status }) => status >= 200 && status < 300).length;
    if (done === actions.length) return;
    const message = `expected ${actions.length} rows to be confirmed, got ${done}`;
    throw new StorageError('INCOMPLETE_ANSWER', { table: this.name }, message);
  }

  async *#pages(
    { filter, select }: RawQuery,
    options: RawOptions,
    onResponse: (response: { bodyAsText?: string | null }) => void = () => {},
  ): AsyncGenerator<RowKeys[]> {
    const pages = this.#client
      .listEntities<RowKeys>({
        queryOptions: {
          ...(filter && { filter }),
          ...(select && { select: ['PartitionKey', 'RowKey', ...select] }),
        },
        // The SDK cannot convert a null with a type annotation, and its values are not used.
        disableTypeConversion: true,
        ...options,
        onResponse,
      })
      .byPage({ maxPageSize: pageRows });
    try {
      yield* pages;
    } catch (error) {
      const failure = toStorageError(error, { table: this.name }, options);
      if (failure instanceof StorageError && failure.code === 'TableNotFound') return;
      throw failure;
    }
  }

  #parse(text: string): Record<string, unknown>[] {
    try {
      const { value } = parseExactJson(text) as { value?: unknown };
      if (Array.isArray(value)) return value;
    } catch {
      // The engine's message quotes the text, which holds names and figures.
    }
    throw new StorageError(RestError.PARSE_ERROR, { table: this.name }, unreadableAnswer);
  }

  #read(text: string): RawRow[] {
    return this.#parse(text).map((json) => {
      try {
        return toRawRow(withoutOwn(json));
      } catch (error) {
        const { PartitionKey: partitionKey, RowKey: rowKey } = json;
        const place = { table: this.name, partitionKey: `${partitionKey}`, rowKey: `${rowKey}` };
        throw new StorageError('UNREADABLE_ROW', place, messageOf(error), { cause: error });
      }
    });
  }
}

/**
 * A row without the service's own fields. A column that was asked for and is missing is null, and
 * may still have a type annotation.
 */
function withoutOwn(json: Record<string, unknown>): Record<string, unknown> {
  const columns = Object.entries(json).filter(
    ([name, value]) =>
      value !== null &&
      json[name.replace(/@odata\.type$/, '')] !== null &&
      !/^(odata\.|Timestamp(@|$))/.test(name),
  );
  return Object.fromEntries(columns);
}
