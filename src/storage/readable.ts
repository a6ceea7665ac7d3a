import type { ListOptions } from '../callOptions.ts';
import type { Row } from './rowReader.ts';
import { StorageError } from './storageError.ts';

/**
 * Rows turned into what they stand for; those that cannot be read are handed to `onUnreadable`,
 * where there is one.
 */
export async function* readable<T>(
  rows: AsyncIterable<Row>,
  fromRow: (row: Row) => T,
  { onUnreadable }: ListOptions = {},
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
