import type { RawRow } from './rawRow.ts';

/** All rows of a customer together. */
export interface CustomerRows {
  /** How many, in all tables. */
  rows: number;
  /** That of the latest row; absent where none has one. */
  name?: string;
  /** The first and the last day of recording, `yyyy-MM-dd`; absent without rows. */
  first?: string;
  last?: string;
}

/** Counts a row, given its columns. */
export function addRow(found: CustomerRows, columns: RawRow['columns']): void {
  found.rows++;
  const date = columns.get('snapshotDate');
  const name = columns.get('customerName');
  if (typeof date !== 'string') return;
  if (found.first === undefined || date < found.first) found.first = date;
  if (found.last !== undefined && date < found.last) return;
  found.last = date;
  if (typeof name === 'string') found.name = name;
}
