import { transactionLimits } from '../batches.ts';

/** A row, as far as batches depend on it. */
export interface BatchedRow {
  /** Table and partition: the same for all rows of a batch. */
  place: string;
  rowKey: string;
  /** Upper bound of its size in a transaction. */
  bytes: number;
}

/** Whether two batches hold the same row; each of them is of one place. */
export function shareRow(one: readonly BatchedRow[], other: readonly BatchedRow[]): boolean {
  if (one[0]?.place !== other[0]?.place) return false;
  const keys = new Set(one.map(({ rowKey }) => rowKey));
  return other.some(({ rowKey }) => keys.has(rowKey));
}

/**
 * Collects consecutive rows of one place into batches, each at most one transaction, none with a
 * key twice. Where the list fails, the rows before that are still returned, and then its error.
 */
export async function* batchConsecutive<Row extends BatchedRow>(
  rows: AsyncIterable<Row>,
): AsyncGenerator<Row[]> {
  let batch = new Map<string, Row>();
  let bytes = 0;
  const isFullFor = (row: Row) => {
    const [first] = batch.values();
    return (
      first !== undefined &&
      (first.place !== row.place ||
        batch.has(row.rowKey) ||
        batch.size === transactionLimits.maxEntities ||
        bytes + row.bytes > transactionLimits.maxBytes)
    );
  };
  try {
    for await (const row of rows) {
      if (isFullFor(row)) {
        yield [...batch.values()];
        batch = new Map();
        bytes = 0;
      }
      batch.set(row.rowKey, row);
      bytes += row.bytes;
    }
  } catch (error) {
    if (batch.size > 0) yield [...batch.values()];
    throw error;
  }
  if (batch.size > 0) yield [...batch.values()];
}
