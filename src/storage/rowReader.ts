import { type Amount, parseAmount } from '../usage/amount.ts';
import { isDate } from '../usage/date.ts';
import { StorageError } from './storageError.ts';

/** A row as a table returns it, including columns that later versions added. */
export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [column: string]: unknown;
}

/**
 * Reads and checks the columns of one row. Its errors name table, keys, column, what was expected
 * and what was there.
 */
export class RowReader {
  readonly #table: string;
  readonly #row: Row;

  constructor(table: string, row: Row) {
    this.#table = table;
    this.#row = row;
  }

  has(column: string): boolean {
    return (this.#row[column] ?? undefined) !== undefined;
  }

  string(column: string): string {
    const value = this.#row[column];
    return typeof value === 'string' ? value : this.fail(column, 'a string');
  }

  date(column: string): string {
    const value = this.#row[column];
    return typeof value === 'string' && isDate(value)
      ? value
      : this.fail(column, 'a date yyyy-MM-dd');
  }

  oneOf<Word extends string>(column: string, words: readonly Word[]): Word {
    const value = this.#row[column];
    return words.find((word) => word === value) ?? this.fail(column, `one of ${words.join(', ')}`);
  }

  boolean(column: string): boolean {
    const value = this.#row[column];
    return typeof value === 'boolean' ? value : this.fail(column, 'true or false');
  }

  number(column: string): number {
    const value = this.#value(column);
    const number = typeof value === 'string' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number)
      ? number
      : this.fail(column, 'a number');
  }

  integer(column: string): number {
    const number = this.number(column);
    return Number.isInteger(number) ? number : this.fail(column, 'an integer');
  }

  optionalInteger(column: string): number | undefined {
    return this.has(column) ? this.integer(column) : undefined;
  }

  /** Read from the literal, as the double is not exact. */
  amount(column: string): Amount {
    return this.#amountOf(`${column}Exact`, this.string(`${column}Exact`));
  }

  /** An amount with a literal only where its double prints differently. */
  printedAmount(column: string): Amount {
    const exact = `${column}Exact`;
    return this.has(exact)
      ? this.#amountOf(exact, this.string(exact))
      : this.#amountOf(column, String(this.number(column)));
  }

  /** JSON that `parse` checks; it throws where something is wrong. */
  json<Value>(column: string, expected: string, parse: (json: unknown) => Value): Value {
    const text = this.string(column);
    try {
      return parse(JSON.parse(text));
    } catch (error) {
      return this.fail(column, expected, error);
    }
  }

  /** A number comes plain from the service, and with its type from a row that was not sent yet. */
  #value(column: string): unknown {
    const value = this.#row[column];
    return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  }

  #amountOf(column: string, literal: string): Amount {
    try {
      return parseAmount(literal);
    } catch (error) {
      return this.fail(column, 'a number literal', error);
    }
  }

  /** @throws StorageError `UNREADABLE_ROW`, always */
  fail(column: string, expected: string, cause?: unknown): never {
    const { partitionKey, rowKey } = this.#row;
    throw new StorageError(
      'UNREADABLE_ROW',
      { table: this.#table, partitionKey, rowKey },
      `expected ${expected} in column ${column}, got ${show(this.#value(column))}`,
      { cause },
    );
  }
}

function show(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'bigint') return `${value}n`;
  return JSON.stringify(value).slice(0, 40);
}
