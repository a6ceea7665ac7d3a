import type { ListOptions } from '../callOptions.ts';
import type { EntityTable, RowRange } from './entityTable.ts';
import type { Row } from './rowReader.ts';
import { StorageError } from './storageError.ts';

/**
 * The rows of a table turned into what they stand for; those that cannot be read are handed to
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
  // The call begins now, and not when the first row is taken.
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
