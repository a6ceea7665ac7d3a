import { transactionLimits } from '../batches.ts';

/** What a batch needs to know of a row. */
export interface BatchedRow {
  /** Rows of one batch have the same: their table and partition. */
  place: string;
  rowKey: string;
  /** Of its part in a transaction, never too few. */
  bytes: number;
}

/** Whether two batches hold the same row; each of them is of one place. */
export function shareRow(one: readonly BatchedRow[], other: readonly BatchedRow[]): boolean {
  if (one[0]?.place !== other[0]?.place) return false;
  const keys = new Set(one.map(({ rowKey }) => rowKey));
  return other.some(({ rowKey }) => keys.has(rowKey));
}

/**
 * Gathers rows that follow each other and belong together into batches, each as much as one
 * transaction holds, none with a key twice. Where the list breaks off, the rows before that still
 * come, and its error after them.
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
