import { clip } from '../text.ts';
import type { ColumnValues } from '../usage/rowShape.ts';
import {
  amountColumns,
  type Columns,
  doubleColumn,
  int32Column,
  longestColumn,
  messageText,
  printedAmountColumns,
  text,
} from './columns.ts';
import { idColumnNames, idColumns, idsFrom } from './idColumns.ts';
import { dateKey } from './keys.ts';
import type { RowReader } from './rowReader.ts';

/** How a table keeps the values of one kind. */
export interface KindOfColumn<Value> {
  write(columns: Columns, name: string, value: Value): void;
  /** @throws StorageError `UNREADABLE_ROW` */
  read(reader: RowReader, name: string): Value;
  has(reader: RowReader, name: string): boolean;
  /** The columns from which it is read. */
  names(name: string): string[];
}

function plain<Value>(
  toColumn: (value: Value) => Columns[string],
  read: KindOfColumn<Value>['read'],
): KindOfColumn<Value> {
  return {
    write: (columns, name, value) => {
      columns[name] = toColumn(value);
    },
    read,
    has: (reader, name) => reader.has(name),
    names: (name) => [name],
  };
}

const readString = (reader: RowReader, name: string) => reader.string(name);

export const columnKinds: { [Kind in keyof ColumnValues]: KindOfColumn<ColumnValues[Kind]> } = {
  id: plain((value) => value, readString),
  text: plain(text, readString),
  message: plain(messageText, readString),
  body: plain((value) => clip(value, longestColumn), readString),
  date: plain(dateKey, (reader, name) => reader.date(name)),
  flag: plain(
    (value) => value,
    (reader, name) => reader.boolean(name),
  ),
  count: plain(int32Column, (reader, name) => reader.integer(name)),
  number: plain(doubleColumn, (reader, name) => reader.number(name)),
  ids: {
    write: (columns, name, ids) => Object.assign(columns, idColumns(name, ids)),
    read: idsFrom,
    has: (reader, name) => reader.has(name),
    names: idColumnNames,
  },
  amount: {
    write: (columns, name, amount) => Object.assign(columns, amountColumns(name, amount)),
    read: (reader, name) => reader.amount(name),
    has: (reader, name) => reader.has(name) || reader.has(`${name}Exact`),
    // The double beside it says nothing more.
    names: (name) => [`${name}Exact`],
  },
  printedAmount: {
    write: (columns, name, amount) => Object.assign(columns, printedAmountColumns(name, amount)),
    read: (reader, name) => reader.printedAmount(name),
    has: (reader, name) => reader.has(name),
    names: (name) => [name, `${name}Exact`],
  },
};
