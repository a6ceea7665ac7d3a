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

/** Columns by name, without the keys. */
export type Columns = Record<string, ColumnValue>;

/** A column holds 64 KiB, so 32,768 UTF-16 units (Table Storage: property limits). */
export const longestColumn = 32_000;

const largestInt32 = 2 ** 31 - 1;

/** A floating point column, also for whole numbers. */
export function doubleColumn(value: number): TypedNumber {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, got ${value}`);
  const text = String(value);
  // Without point or exponent the service reads an integer.
  return { type: 'Double', value: /[.e]/.test(text) ? text : `${text}.0` };
}

export function int32Column(value: number): TypedNumber {
  if (!Number.isInteger(value) || Math.abs(value) > largestInt32) {
    throw new RangeError(`expected a 32-bit integer, got ${value}`);
  }
  return { type: 'Int32', value };
}

/** An amount as a double, for sorting and spreadsheets, and as its exact literal. */
export function amountColumns(name: string, amount: Amount): Columns {
  return { [name]: doubleColumn(toNumber(amount)), [`${name}Exact`]: amount };
}

/** An amount as a double, with its literal only where the double does not print the same. */
export function printedAmountColumns(name: string, amount: Amount): Columns {
  const double = toNumber(amount);
  return String(double) === amount ? { [name]: doubleColumn(double) } : amountColumns(name, amount);
}
