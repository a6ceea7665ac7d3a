import type { ListOptions } from '../callOptions.ts';
import type { EntityTable, RowRange } from './entityTable.ts';
import type { Row } from './rowReader.ts';
import { StorageError } from './storageError.ts';

/**
 * The rows of a table, converted by `fromRow`; those that cannot be read are passed to
 * `onUnreadable`, where there is one.
 *
 * @param fromRow also gets the table's name
 */
export function listReadable<T>(
  table: EntityTable,
  range: RowRange,
  fromRow: (table: string, row: Row) => T,
  options: ListOptions = {},
): AsyncGenerator<T> {
  // Called here and not in the generator, so that the call begins before the first row is taken.
  return readable(table.list(range, options), (row) => fromRow(table.name, row), options);
}

async function* readable<T>(
  rows: AsyncIterable<Row>,
  fromRow: (row: Row) => T,
  { onUnreadable }: ListOptions,
): AsyncGenerator<T> {
  for await (const row of rows) {
    let value: T;
    try {
      value = fromRow(row);
    } catch (error) {
      if (!onUnreadable || !(error instanceof StorageError)) throw error;
      onUnreadable(error);
      continue;
    }
    yield value;
  }
}
