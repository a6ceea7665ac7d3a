import { type Amount, toNumber } from '../usage/amount.ts';

/**
 * A number with its column type. A plain JavaScript number has none: 100 would become an Int32 and
 * 0.1 a Double, in the same column.
 */
export interface TypedNumber {
  type: 'Double' | 'Int32';
  value: string | number;
}

export type ColumnValue = string | boolean | TypedNumber;

/** A row to be written. Absent columns are absent properties. */
export interface Entity {
  partitionKey: string;
  rowKey: string;
  [column: string]: ColumnValue;
}

/** Columns one after the other, without the keys. */
export type Columns = [name: string, value: ColumnValue][];

/** A column holds 64 KiB, so 32,768 UTF-16 units (Table Storage: property limits). */
export const longestColumn = 32_000;

const largestInt32 = 2 ** 31 - 1;

/** A floating point column, also for whole numbers. */
export function doubleColumn(value: number): TypedNumber {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, got ${value}`);
  // Without point or exponent, which numbers have from 10^21 on, the service reads an integer.
  const isInteger = Number.isInteger(value) && Math.abs(value) < 1e21;
  return { type: 'Double', value: isInteger ? `${value}.0` : String(value) };
}

export function int32Column(value: number): TypedNumber {
  if (!Number.isInteger(value) || Math.abs(value) > largestInt32) {
    throw new RangeError(`expected a 32-bit integer, got ${value}`);
  }
  return { type: 'Int32', value };
}

/** An amount as the double that spreadsheets sort, beside the literal that loses nothing. */
export function writeAmount(columns: Columns, name: string, amount: Amount): void {
  columns.push([name, doubleColumn(toNumber(amount))], [`${name}Exact`, amount]);
}

/** The literal of an amount beside its double only where the double prints another one. */
export function writePrintedAmount(columns: Columns, name: string, amount: Amount): void {
  const double = toNumber(amount);
  columns.push([name, doubleColumn(double)]);
  if (String(double) !== amount) columns.push([`${name}Exact`, amount]);
}
