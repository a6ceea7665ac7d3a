import type { Entity } from '../../src/storage/columns.ts';

export function nameOf(table: string, { partitionKey, rowKey }: Entity): string {
  return `${table} ${partitionKey} ${rowKey}`;
}

/** The number in a column, whatever its type; `undefined` where there is none. */
export function numberOf(row: Entity, column: string): number | undefined {
  const value = row[column];
  if (value === undefined) return undefined;
  return Number(typeof value === 'object' ? value.value : value);
}
